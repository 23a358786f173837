import { Popover } from "@mantine/core";
import type { Attachment, Message } from "@omnichat/api-client/types";
import { IconArrowForwardUp } from "@tabler/icons-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { exact } from "~/lib/time.ts";
import { countReactions } from "../reactions.ts";
import type { Item, Side } from "../timeline.ts";
import { AttachmentList, isDrawn, isPicture } from "~/components/attachment-view.tsx";
import { BubbleMenu } from "./bubble-menu.tsx";
import { ButtonRows } from "./button-rows.tsx";
import classes from "./bubble.module.css";
import { FailureLine } from "./failure-line.tsx";
import type { BubbleTools } from "./message-group.tsx";
import { PartView } from "./part-view.tsx";
import { RevisionHistory } from "./revision-history.tsx";
import { RichText } from "~/components/rich-text.tsx";

interface Props {
  item: Item;
  side: Side;
  tools: BubbleTools;
}

export const Bubble = memo(function Bubble({ item, side, tools }: Props) {
  const { t } = useTranslation();
  const { message: m, pending } = item;
  const attachments = shownFiles(m, item.attachments);
  const deleted = m.deleted_at !== null;
  const bare =
    !deleted &&
    m.text === "" &&
    m.reply_to === null &&
    m.part === null &&
    attachments.length > 0 &&
    attachments.every((a) => isPicture(a) && a.state === "ready");
  const sticker = !deleted && m.part?.type === "sticker";
  return (
    <>
      <div
        className={classes.row}
        data-side={side}
        data-testid="message"
        data-message-id={m.id}
        data-direction={m.direction}
        data-state={m.state ?? undefined}
        title={exact(m.created_at)}
      >
        <div className={classes.bubble} data-side={side} data-bare={bare || sticker} data-deleted={deleted} data-pending={pending !== null}>
          {m.forwarded_from === null ? null : (
            <div className={classes.forwarded}>
              <IconArrowForwardUp size={14} stroke={1.8} aria-hidden="true" />
              {t("message.forwarded", { name: m.forwarded_from })}
            </div>
          )}
          {m.reply_to === null ? null : (
            <button
              type="button"
              className={classes.quote}
              disabled={m.reply_to.id === null}
              onClick={() => {
                if (m.reply_to?.id != null) tools.onJump(m.reply_to.id);
              }}
            >
              {m.reply_to.author_name === "" ? null : <span className={classes.quoteAuthor}>{m.reply_to.author_name}</span>}
              {quotedKind(m.reply_to) === null ? null : (
                <span className={classes.quoteKind}>{t(quotedKind(m.reply_to) ?? "")}</span>
              )}
              {m.reply_to.preview === "" ? null : (
                <span className={classes.quoteText} data-foreign={m.reply_to.id === null}>
                  {m.reply_to.preview}
                </span>
              )}
            </button>
          )}
          {deleted ? (
            <DeletedNote message={m} />
          ) : (
            <>
              <AttachmentList
                attachments={attachments}
                onOpen={tools.onOpenImage}
                onFetchAgain={tools.onFetchAgain === null ? undefined : (a) => tools.onFetchAgain?.(item, a)}
              />
              {m.part === null || m.part.type === "system" || (sticker && attachments.some(isDrawn)) ? null : <PartView part={m.part} />}
              {m.text === "" || saysPartOnly(m) ? null : <RichText text={m.text} spans={m.spans} />}
              {m.edited_at === null || isMoving(m) ? null : <EditedNote message={m} />}
            </>
          )}
        </div>
        {pending === null && !deleted ? <BubbleMenu message={m} side={side} tools={tools} /> : null}
      </div>
      {deleted || m.buttons.length === 0 ? null : <ButtonRows rows={m.buttons} />}
      {m.reactions.length === 0 ? null : (
        <div className={classes.reactions}>
          {countReactions(m.reactions).map(({ emoji, count, names, by }) => (
            <span
              key={emoji}
              className={classes.reaction}
              data-testid="reaction"
              title={names.length === 0 ? t(`message.reaction_by.${by}`) : names.join(", ")}
            >
              {emoji}
              {count === 1 ? null : <span className={classes.reactionCount}>{count}</span>}
            </span>
          ))}
        </div>
      )}
      {deleted ? null : <FailureLine item={item} tools={tools} />}
    </>
  );
});

/** The text that names what is answered to, where its words do not say it. */
function quotedKind(reply: NonNullable<Message["reply_to"]>): string | null {
  if (reply.kind !== null && reply.kind !== "text") return `message.kind.${reply.kind}`;
  return reply.preview === "" ? "message.quoted_elsewhere" : null;
}

/** A sticker's emoji stands for its picture until that is here, and for one that no browser draws. */
function shownFiles(m: Message, attachments: Attachment[]): Attachment[] {
  if (m.part?.type !== "sticker" || m.part.emoji === null) return attachments;
  return attachments.filter((a) => a.state === "failed" || (a.state === "ready" && isDrawn(a)));
}

/** A place that was only moved has no earlier text. */
function isMoving(m: Message): boolean {
  return m.part?.type === "location" && m.part.live !== null && m.revisions === 0;
}

/** A pressed button may come with its title as the text; once is enough. */
function saysPartOnly(m: Message): boolean {
  return m.part?.type === "button_press" && m.text === (m.part.title ?? m.part.data);
}

function EditedNote({ message }: { message: Message }) {
  const { t } = useTranslation();
  return (
    <History message={message}>
      <button type="button" className={classes.edited} title={message.edited_at === null ? undefined : exact(message.edited_at)}>
        {t("message.edited")}
      </button>
    </History>
  );
}

function DeletedNote({ message }: { message: Message }) {
  const { t } = useTranslation();
  if (message.revisions === 0) return <span className={classes.deleted}>{t("message.deleted")}</span>;
  return (
    <History message={message}>
      <button type="button" className={classes.deletedButton}>
        {t("message.deleted")}
      </button>
    </History>
  );
}

function History({ message, children }: { message: Message; children: React.ReactNode }) {
  return (
    <Popover width={320} position="top-end" withinPortal>
      <Popover.Target>{children}</Popover.Target>
      <Popover.Dropdown>
        <RevisionHistory message={message} />
      </Popover.Dropdown>
    </Popover>
  );
}
