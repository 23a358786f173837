/** The conversation: keeps the place when earlier messages come above, and stays at the end when new ones come below. */
import type { RefObject } from "preact";
import { useCallback, useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Key } from "../locales/en.ts";
import type { WidgetMessage } from "../wire.ts";
import { Avatar } from "./avatar.tsx";
import { MessageBubble, PendingBubble } from "./bubble.tsx";
import { useScreen } from "./context.ts";
import { Icon } from "./icons.tsx";
import { type Pressed, pressedButtons } from "./pressed.ts";
import { RichText } from "./rich-text.tsx";
import { arrange, markedKey, type Row } from "./rows.ts";

/** This close to the end counts as being there, and to the start as asking for more. CSS pixels. */
const NEAR = 48;

function SystemLine({ message }: { message: WidgetMessage }) {
  const { say, exact } = useScreen().words.value;
  const part = message.part?.type === "system" ? message.part : null;
  const known: Record<string, Key> = { joined: "joined", resolved: "resolved", closed: "closed" };
  const key = known[part?.entry ?? ""];
  const text = key ? say(key, { name: part?.actor ?? part?.target ?? say("operator") }) : message.text;
  return text ? (
    <p class="line" title={exact(message.created_at)}>
      {text}
    </p>
  ) : null;
}

function RowView({ row, marked, pressed }: { row: Row; marked: string | null; pressed: Pressed }) {
  const { chat, words } = useScreen();
  const { say, time } = words.value;
  if (row.type === "line") return <SystemLine message={row.message} />;
  const own = row.from === "visitor";
  const name = row.author ?? say(row.from === "bot" ? "bot" : "operator");
  const operator = chat.state.conversation.value?.operator;
  const last = row.items.at(-1);
  return (
    <div class={own ? "group own" : "group"}>
      {!own && (
        <Avatar
          name={name}
          bot={row.from === "bot"}
          url={operator && operator.name === row.author ? operator.avatar_url : null}
          size={28}
        />
      )}
      <div class="items">
        {row.items.map((item) =>
          item.message ? (
            <MessageBubble key={item.key} message={item.message} mark={item.key === marked} pressed={pressed.get(item.message.id)} />
          ) : (
            item.pending && <PendingBubble key={item.key} entry={item.pending} />
          ),
        )}
        {!own && last?.message && <span class="mark">{`${name} · ${time(last.message.created_at)}`}</span>}
      </div>
    </div>
  );
}

function Older() {
  const { chat, words } = useScreen();
  const { older, fetchingOlder } = chat.state;
  if (older.value === null) return null;
  const key: Key = fetchingOlder.value === "yes" ? "older_loading" : fetchingOlder.value === "failed" ? "older_failed" : "older";
  return (
    <button type="button" class="older" disabled={fetchingOlder.value === "yes"} onClick={() => void chat.loadOlder()}>
      {words.value.say(key)}
    </button>
  );
}

/** Holds the scroll position through every change of the content or of the room for it. */
function useScroll(scroller: RefObject<HTMLDivElement | null>, content: RefObject<HTMLDivElement | null>, first: string, ownLast: string) {
  const { atBottom } = useScreen().chat.state;
  const height = useRef(0);
  const known = useRef({ first, ownLast });
  const settle = useCallback((): void => {
    const box = scroller.current;
    if (!box) return;
    if (atBottom.peek()) box.scrollTop = box.scrollHeight;
    height.current = box.scrollHeight;
  }, [scroller, atBottom]);
  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box) return;
    // The visitor's own message brings the end into view; earlier messages push what was read down by their height.
    if (known.current.ownLast !== ownLast && ownLast) atBottom.value = true;
    else if (known.current.first !== first && !atBottom.peek()) box.scrollTop += box.scrollHeight - height.current;
    known.current = { first, ownLast };
    settle();
  });
  useEffect(() => {
    const observer = new ResizeObserver(settle);
    if (scroller.current) observer.observe(scroller.current);
    if (content.current) observer.observe(content.current);
    return () => observer.disconnect();
  }, [scroller, content, settle]);
}

export function Timeline() {
  const { chat, words } = useScreen();
  const { state } = chat;
  const { say, count, day } = words.value;
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const messages = state.messages.value;
  const pending = state.pending.value;
  const days = arrange(messages, pending);
  const marked = pending.length > 0 ? null : markedKey(messages);
  const pressed = pressedButtons(messages, pending);
  useScroll(scroller, content, messages[0]?.id ?? "", pending.at(-1)?.client_key ?? "");

  const config = state.config.value;
  const greeting = config?.greeting && state.older.value === null ? config.greeting : "";
  const away = config?.away_message && !state.online.value && state.answerTo.value === null ? config.away_message : "";
  const toBottom = (): void => {
    state.atBottom.value = true;
    const box = scroller.current;
    box?.scrollTo({ top: box.scrollHeight, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  };
  return (
    <div class="timeline">
      <div
        class="scroller"
        ref={scroller}
        tabIndex={0}
        role="log"
        aria-label={say("log")}
        aria-busy={state.fetchingOlder.value === "yes"}
        onScroll={(event) => {
          const box = event.currentTarget;
          state.atBottom.value = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
          if (
            box.scrollTop < NEAR &&
            box.scrollHeight > box.clientHeight &&
            state.fetchingOlder.value === "no" &&
            state.older.value !== null
          )
            void chat.loadOlder();
        }}
      >
        <div class="content" ref={content}>
          <Older />
          {greeting && (
            <div class="group">
              <Avatar name={null} url={null} size={28} />
              <div class="items">
                <div class="item">
                  <div class="bubble">
                    <RichText text={greeting} spans={[]} />
                  </div>
                </div>
              </div>
            </div>
          )}
          {days.map(({ key, at, rows }) => (
            <section key={key} class="day">
              <p class="day-name">
                <span>{day(at)}</span>
              </p>
              {rows.map((row) => (
                <RowView key={row.key} row={row} marked={marked} pressed={pressed} />
              ))}
            </section>
          ))}
          {away && <p class="line">{away}</p>}
          {state.answerTo.value !== null && <p class="line">{say("offline_sent", { to: state.answerTo.value })}</p>}
          {state.typist.value !== null && (
            <div class="group">
              <Avatar name={state.typist.value || null} url={null} size={28} />
              <div class="bubble dots" role="status" aria-label={say("someone_typing", { name: state.typist.value || say("operator") })}>
                <i />
                <i />
                <i />
              </div>
            </div>
          )}
        </div>
      </div>
      {!state.atBottom.value && (
        <button type="button" class="to-bottom" aria-label={state.unread.value > 0 ? undefined : say("to_bottom")} onClick={toBottom}>
          {state.unread.value > 0 && count("new", state.unread.value)}
          <Icon name="down" size={16} />
        </button>
      )}
    </div>
  );
}
