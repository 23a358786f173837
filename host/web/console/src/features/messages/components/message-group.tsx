import type { Attachment, Message } from "@omnichat/api-client/types";
import { IconLock, IconRobot } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Avatar } from "~/components/avatar.tsx";
import { clock, exact } from "~/lib/time.ts";
import { type Block, type Item, keyOf } from "../timeline.ts";
import { Bubble } from "./bubble.tsx";
import { DeliveryMark } from "./delivery-mark.tsx";
import classes from "./message-group.module.css";

export interface BubbleTools {
  onReply: ((message: Message) => void) | null;
  onEdit: ((message: Message) => void) | null;
  mayEdit: (message: Message) => boolean;
  mayDelete: (message: Message) => boolean;
  onDelete: (message: Message) => void;
  onRetry: (item: Item) => void;
  onDiscard: (item: Item) => void;
  onOpenImage: (attachment: Attachment) => void;
  onJump: (messageId: string) => void;
  /** Asks the platform again for a file that could not be fetched; null where one may not. */
  onFetchAgain: ((item: Item, attachment: Attachment) => void) | null;
}

interface Props {
  block: Extract<Block, { type: "group" }>;
  isMe: boolean;
  /** Several write on the customer's side: theirs are named too. */
  isNamed: boolean;
  tools: BubbleTools;
}

/** What one speaker said within three minutes: one avatar, one name, one time, one delivery mark. */
export function MessageGroup({ block, isMe, isNamed, tools }: Props) {
  const { t } = useTranslation();
  const { side, author, items } = block;
  const last = items.at(-1);
  const name = isMe ? t("conversation.you") : author.name;
  const lastMessage = last?.members.at(-1);
  const isLeaving = last?.pending != null && last.pending.phase !== "refused";
  return (
    <div className={classes.group} data-side={side}>
      {side === "in" ? (
        <span className={classes.avatar}>
          <Avatar id={author.id ?? author.name} name={author.name} size={28} />
        </span>
      ) : null}
      <div className={classes.column}>
        {(side === "in" && !isNamed) || (side === "out" && isMe) ? null : (
          <div className={classes.author}>
            {side === "note" ? <IconLock size={13} stroke={1.8} aria-hidden="true" /> : null}
            {side === "bot" ? <IconRobot size={14} stroke={1.8} aria-label={t("conversation.bot")} /> : null}
            {side === "note" ? `${t("composer.note")} · ${name}` : name}
          </div>
        )}
        {items.map((item) => (
          <Bubble key={keyOf(item.message)} item={item} side={side} tools={tools} />
        ))}
        {lastMessage === undefined ? null : (
          <div className={classes.foot}>
            <time dateTime={lastMessage.created_at} title={exact(lastMessage.created_at)}>
              {clock(lastMessage.created_at)}
            </time>
            {lastMessage.direction === "out" && lastMessage.state !== null && lastMessage.deleted_at === null ? (
              <DeliveryMark state={isLeaving ? "sending" : lastMessage.state} />
            ) : null}
          </div>
        )}
      </div>
    </div>
  );
}
