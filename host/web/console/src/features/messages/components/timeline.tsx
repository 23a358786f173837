import type { Attachment, Capabilities, Conversation, Message } from "@omnichat/api-client/types";
import { IconArrowDown, IconMessages } from "@tabler/icons-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { DamagedNote } from "~/components/damaged-note.tsx";
import { Bar, Delayed, EmptyState, ErrorState } from "~/components/states.tsx";
import { dayTitle } from "~/lib/time.ts";
import { useCan, useMe } from "~/queries/me.ts";
import { useTyping } from "~/realtime/live.ts";
import { useMessages } from "~/queries/messages.ts";
import { useMessageActions, useOutbox, usePending } from "../hooks/sending.ts";
import { useJump } from "../hooks/use-jump.ts";
import { useReadMarks } from "../hooks/use-read-marks.ts";
import { useScrollAnchor } from "../hooks/use-scroll-anchor.ts";
import { useUnreadLine } from "../hooks/use-unread-line.ts";
import { buildTimeline, type Item, ownerOf } from "../timeline.ts";
import { isPicture } from "~/components/attachment-view.tsx";
import { Lightbox } from "./lightbox.tsx";
import { MessageGroup, type BubbleTools } from "./message-group.tsx";
import { SystemRun } from "./system-run.tsx";
import classes from "./timeline.module.css";

interface Props {
  conversation: Conversation;
  capabilities: Capabilities | null;
  onReply: (message: Message) => void;
  onEdit: (message: Message) => void;
}

/** The messages of one conversation. Give it the conversation's id as key: it keeps where one reads. */
export function Timeline({ conversation, capabilities, onReply, onEdit }: Props) {
  const { t } = useTranslation();
  const { operator: me, permissions } = useMe();
  const can = useCan();
  const { query, messages, damaged } = useMessages(conversation.id);
  const pending = usePending(conversation.id);
  const outbox = useOutbox();
  const actions = useMessageActions();
  const unreadAtOpening = useRef(conversation.unread_count);
  const unreadFrom = useUnreadLine(messages, unreadAtOpening.current, query.isSuccess);
  const days = useMemo(
    () => buildTimeline(messages, pending, me, unreadFrom),
    [messages, pending, me.id, me.name, unreadFrom],
  );
  const [picture, setPicture] = useState<Attachment | null>(null);
  const typists = useTyping(conversation.id).filter((typist) => typist.author.id !== me.id);
  useReadMarks(conversation, query.isSuccess);

  const scroller = useRef<HTMLDivElement>(null);
  const lastKey = pending.at(-1)?.body.client_key ?? messages.at(-1)?.client_key ?? messages.at(-1)?.id ?? null;
  const anchor = useScrollAnchor(scroller, messages[0]?.id ?? null, lastKey);
  const pendingCount = pending.length;
  useEffect(() => {
    if (pendingCount > 0) anchor.toFoot();
  }, [pendingCount, anchor.toFoot]);

  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query;
  const onScroll = () => {
    anchor.onScroll();
    const near = (scroller.current?.scrollTop ?? 999) < 400;
    if (near && hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  };

  const jump = useJump(scroller, hasNextPage, fetchNextPage);

  const tools = useMemo((): BubbleTools => {
    const isOwn = (m: Message) => m.author.kind === "operator" && m.author.id === me.id;
    const reaches = (m: Message, ability: "edit" | "delete") => m.direction === "note" || capabilities?.[ability] === true;
    return {
      onReply: can("messages.send") && capabilities?.reply === true ? onReply : null,
      onEdit,
      mayEdit: (m) =>
        isOwn(m) && can("messages.edit_own") && m.text !== "" && reaches(m, "edit") && m.state !== "failed",
      mayDelete: (m) =>
        m.direction !== "in" &&
        reaches(m, "delete") &&
        (can("messages.delete_any") || (isOwn(m) && can("messages.delete_own"))),
      onDelete: (m) => void actions.remove(m),
      onRetry: (item: Item) => {
        if (item.pending !== null) outbox?.retry(item.pending.body.client_key);
        else {
          for (const m of item.members) {
            if (m.state === "failed" || m.state === "uncertain") void actions.retry(m);
          }
        }
      },
      onDiscard: (item: Item) => {
        if (item.pending !== null) outbox?.discard(item.pending.body.client_key);
      },
      onOpenImage: setPicture,
      onJump: jump,
      onFetchAgain: can("messages.send")
        ? (item: Item, attachment) => {
            const owner = ownerOf(item, attachment.id);
            if (owner !== undefined) void actions.fetchAgain(owner, attachment);
          }
        : null,
    };
    // What one may do is asked of the permissions.
  }, [me.id, permissions, capabilities, onReply, onEdit, actions, outbox, jump]);

  const pictures = useMemo(
    () =>
      messages
        .filter((m) => m.deleted_at === null)
        .flatMap((m) => m.attachments.filter((a) => isPicture(a) && a.url !== null)),
    [messages],
  );

  return (
    <div className={classes.frame}>
      <div
        ref={scroller}
        className={classes.scroller}
        onScroll={onScroll}
        tabIndex={0}
        role="log"
        aria-label={t("conversation.messages")}
        aria-live="off"
      >
        <div className={classes.column}>
          {query.isPending ? <TimelineSkeleton /> : null}
          {query.isError && messages.length === 0 ? (
            <ErrorState error={query.error} retry={() => void query.refetch()} />
          ) : null}
          <DamagedNote ids={damaged} />
          {hasNextPage ? (
            <button type="button" className={classes.older} onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>
              {isFetchingNextPage ? t("common.loading") : t("conversation.older")}
            </button>
          ) : null}
          {query.isSuccess && days.length === 0 ? (
            <EmptyState icon={<IconMessages size={28} stroke={1.5} />} text={t("conversation.no_messages")} />
          ) : null}
          {days.map((day) => (
            <section key={day.key} className={classes.day}>
              <div className={classes.date}>
                <span>{dayTitle(day.at)}</span>
              </div>
              {day.blocks.map((block) =>
                block.type === "unread" ? (
                  <div key={block.key} className={classes.unread} role="separator">
                    <span>{t("conversation.unread_line")}</span>
                  </div>
                ) : block.type === "system" ? (
                  <SystemRun key={block.key} messages={block.messages} />
                ) : (
                  <MessageGroup
                    key={block.key}
                    block={block}
                    isMe={block.author.kind === "operator" && block.author.id === me.id}
                    isNamed={conversation.chat_kind !== "private" || block.author.id !== conversation.customer.id}
                    tools={tools}
                  />
                ),
              )}
            </section>
          ))}
          <NewMessageVoice messages={messages} loaded={query.isSuccess} />
          <div className={classes.typing} aria-live="polite">
            {typists.length === 0 ? null : (
              <>
                <span className={classes.dots} aria-hidden="true">
                  <i />
                  <i />
                  <i />
                </span>
                {t("conversation.is_typing", { name: typists.map((typist) => typist.author.name).join(", ") })}
              </>
            )}
          </div>
        </div>
      </div>
      {anchor.away ? (
        <button type="button" className={classes.jump} onClick={anchor.toFoot} aria-label={t("conversation.to_latest")}>
          {anchor.missed > 0 ? <span>{t("list.new", { count: anchor.missed })}</span> : null}
          <IconArrowDown size={17} stroke={1.9} />
        </button>
      ) : null}
      <Lightbox pictures={pictures} shown={picture} onShow={setPicture} onClose={() => setPicture(null)} />
    </div>
  );
}

/** Reads out what the customer writes while the conversation is open, for screen readers. */
function NewMessageVoice({ messages, loaded }: { messages: Message[]; loaded: boolean }) {
  const last = messages.findLast((m) => m.direction === "in");
  const known = useRef<string | null | undefined>(undefined);
  if (loaded && known.current === undefined) known.current = last?.id ?? null;
  const fresh = last !== undefined && known.current !== undefined && last.id !== known.current;
  return (
    <div className="visually-hidden" aria-live="polite">
      {fresh ? `${last.author.name}: ${last.text}` : ""}
    </div>
  );
}

function TimelineSkeleton() {
  const { t } = useTranslation();
  return (
    <Delayed>
      <div className={classes.skeleton} role="status" aria-label={t("common.loading")}>
        {[44, 58, 32, 50, 40].map((width, index) => (
          <span key={width} className={classes.ghost} data-right={index % 2 === 1}>
            <Bar width={`${width}%`} height={36} />
          </span>
        ))}
      </div>
    </Delayed>
  );
}
