/** One message, or one that is still to be sent. */
import type { Pending } from "../chat/state.ts";
import type { Key } from "../locales/en.ts";
import type { Attachment, StoredFile, WidgetMessage } from "../wire.ts";
import { Attachments, isVisual } from "./attachments.tsx";
import { Buttons } from "./buttons.tsx";
import { useScreen } from "./context.ts";
import { Icon } from "./icons.tsx";
import { PartView } from "./parts.tsx";
import { RichText } from "./rich-text.tsx";

const asAttachment = (file: StoredFile): Attachment => ({ ...file, state: "ready", error: null, file_id: file.id });

function Author({ name, at }: { name: string; at: string }) {
  const { words } = useScreen();
  return <span class="sr">{`${name}, ${words.value.exact(at)}`}</span>;
}

/** An emoji or two alone are drawn large. */
const LARGE = /^(?:\p{Extended_Pictographic}(?:\u{FE0F}|\p{Emoji_Modifier}|\u{200D}\p{Extended_Pictographic}\u{FE0F}?)*\s*){1,3}$/u;

export function MessageBubble({ message, mark, pressed }: { message: WidgetMessage; mark: boolean; pressed: Set<string> | undefined }) {
  const { words } = useScreen();
  const { say, time, exact } = words.value;
  const own = message.from === "visitor";
  const name = own ? say("you") : (message.author_name ?? say(message.from === "bot" ? "bot" : "operator"));
  if (message.deleted_at)
    return (
      <div class="item">
        <div class="bubble gone" title={exact(message.deleted_at)}>
          <Author name={name} at={message.created_at} />
          {say("deleted")}
        </div>
      </div>
    );
  const { text, spans, attachments, part, reply_to } = message;
  const visual = attachments.some(isVisual);
  const large = !reply_to && attachments.length === 0 && LARGE.test(text);
  const sticker = part?.type === "sticker" || attachments[0]?.kind === "sticker";
  const bare = large || (!text && !reply_to && (sticker || (visual && attachments.length === 1)));
  const pressedText = part?.type === "button_press" && !text ? (part.title ?? part.data) : text;
  const kind = `bubble${bare ? " bare" : ""}${visual && !bare ? " with-visual" : ""}`;
  return (
    <div class="item">
      <div class={kind} title={exact(message.created_at)}>
        <Author name={name} at={message.created_at} />
        {reply_to && (
          <div class="quote">
            <strong>{reply_to.author_name}</strong>
            <span>{reply_to.preview}</span>
          </div>
        )}
        <Attachments files={attachments} />
        {part && !(sticker && attachments.length > 0) && <PartView part={part} />}
        {large ? <span class="emoji">{text}</span> : pressedText && <RichText text={pressedText} spans={spans} />}
        {message.edited_at && (
          <span class="edited" title={exact(message.edited_at)}>
            {say("edited")}
          </span>
        )}
      </div>
      {message.buttons.length > 0 && <Buttons message={message} pressed={pressed} />}
      {mark && message.state && (
        <span class={message.state === "read" ? "mark read" : "mark"}>
          <Icon name={message.state === "sent" ? "check" : "checks"} size={14} />
          {`${say(message.state === "read" ? "read" : "sent")} · ${time(message.created_at)}`}
        </span>
      )}
    </div>
  );
}

const REASONS: Record<string, Key> = {
  too_large: "refused_too_large",
  rate_limited: "refused_rate_limited",
  forbidden: "refused_forbidden",
};

export function PendingBubble({ entry }: { entry: Pending }) {
  const { chat, words } = useScreen();
  const { say, exact } = words.value;
  const files = entry.files.map(asAttachment);
  const bare = !entry.text && files.length === 1 && files.every(isVisual);
  const { failure } = entry;
  return (
    <div class="item">
      <div
        class={`bubble${bare ? " bare" : ""}${!bare && files.some(isVisual) ? " with-visual" : ""}${entry.state === "refused" ? "" : " unsent"}`}
        title={exact(entry.created_at)}
      >
        <Author name={say("you")} at={entry.created_at} />
        <Attachments files={files} />
        {entry.text && <RichText text={entry.text} spans={[]} />}
      </div>
      {entry.state === "refused" ? (
        <div class="mark failed" role="alert">
          <span>
            {say("not_sent")}. {say(REASONS[failure?.code ?? ""] ?? "refused_other")}
          </span>
          <button type="button" class="link" onClick={() => chat.outbox.resend(entry.client_key)}>
            {say("retry")}
          </button>
          <button type="button" class="link" onClick={() => chat.outbox.discard(entry.client_key)}>
            {say("discard")}
          </button>
          {failure?.request_id && <span class="small">{say("request_id", { id: failure.request_id })}</span>}
        </div>
      ) : failure ? (
        <div class={failure.code === "offline" ? "mark" : "mark failed"}>
          <span>{say(failure.code === "offline" ? "waiting" : "not_sent")}</span>
          <button type="button" class="link" onClick={() => chat.outbox.resend(entry.client_key)}>
            {say("retry")}
          </button>
        </div>
      ) : (
        <span class="mark">{say("sending")}</span>
      )}
    </div>
  );
}
