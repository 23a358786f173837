import type { Conversation } from "@omnichat/api-client/types";
import {
  IconAlertCircle,
  IconArrowUp,
  IconChevronsUp,
  IconClock,
  IconLock,
  IconPencil,
  IconUserOff,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { Avatar } from "~/components/avatar.tsx";
import { TagChip } from "~/components/tag-chip.tsx";
import { TimeLabel } from "~/components/time-label.tsx";
import { useHasDraft } from "~/lib/drafts.ts";
import { span } from "~/lib/time.ts";
import { useTagsByName } from "~/queries/tags.ts";
import { useTyping } from "~/realtime/live.ts";
import type { InboxSearch } from "../search.ts";
import { BotMark } from "./bot-marks.tsx";
import classes from "./conversation-row.module.css";
import { previewText } from "./preview.ts";

interface Props {
  conversation: Conversation;
  selected: boolean;
  cursor: boolean;
  search: InboxSearch;
  now: number;
  meName: string;
  /** The first name of another operator it belongs to, where the view mixes them. */
  owner: string | null;
}

const waitMarkMs = 15 * 60_000;

/** Always 64 px: a name, a line, a time, and then only what is exceptional. */
export const ConversationRow = memo(function ConversationRow(props: Props) {
  const { conversation: c, selected, cursor, search, now, meName, owner } = props;
  const { t } = useTranslation();
  const hasDraft = useHasDraft(c.id);
  const typing = useTyping(c.id).some((typist) => typist.author.kind === "customer");
  const unread = c.unread_count > 0;
  // What a bot takes care of calls for nobody's attention.
  const calm = c.scenario !== null;
  const last = c.last_message;
  const waitedMs = c.waiting_since === null ? 0 : now - new Date(c.waiting_since).getTime();
  return (
    <Link
      to="/inbox/$conversationId"
      params={{ conversationId: c.id }}
      search={search}
      className={classes.row}
      data-testid="conversation-row"
      data-conversation-id={c.id}
      data-unread={unread && !calm}
      data-cursor={cursor}
      data-selected={selected}
      draggable={false}
      tabIndex={cursor || selected ? 0 : -1}
    >
      <Avatar id={c.customer.id} name={c.customer.name} url={c.customer.avatar_url} size={38} channel={c.channel} />
      <span className={classes.body}>
        <span className={classes.top}>
          <span className={classes.name}>{c.customer.name}</span>
          {c.status === "snoozed" && c.snoozed_until !== null ? (
            <IconClock size={14} stroke={1.8} className={classes.quiet} aria-label={t("status.snoozed")} />
          ) : null}
          <TimeLabel at={last?.at ?? c.last_activity_at} now={now} className={classes.time} />
        </span>
        <span className={classes.bottom}>
          <span className={classes.preview} data-typing={typing}>
            {last?.kind === "note" ? <IconLock size={13} stroke={1.8} aria-label={t("composer.note")} /> : null}
            {hasDraft && !selected ? (
              <span className={classes.draft}>
                <IconPencil size={13} stroke={1.8} aria-hidden="true" /> {t("conversation.draft")}
              </span>
            ) : null}
            <span className={classes.line}>{typing ? t("conversation.typing") : previewText(c, meName, t)}</span>
          </span>
          {c.tags.length === 0 ? null : <RowTags names={c.tags} />}
          <span className={classes.marks}>
            {last?.state === "failed" || last?.state === "uncertain" ? (
              <IconAlertCircle
                size={16}
                stroke={1.8}
                className={last.state === "failed" ? classes.danger : classes.warning}
                aria-label={t(`delivery.${last.state}`)}
              />
            ) : null}
            {c.blocked ? <IconUserOff size={15} stroke={1.8} className={classes.quiet} aria-label={t("conversation.blocked")} /> : null}
            {c.priority === "urgent" ? (
              <IconChevronsUp size={16} stroke={2} className={classes.danger} aria-label={t("priority.urgent")} />
            ) : null}
            {c.priority === "high" ? (
              <IconArrowUp size={15} stroke={2} className={classes.warning} aria-label={t("priority.high")} />
            ) : null}
            {waitedMs > waitMarkMs && !unread && !calm ? (
              <span className={classes.waiting} title={t("conversation.waiting")}>
                {span(waitedMs)}
              </span>
            ) : null}
            {c.scenario === null ? null : (
              <BotMark name={c.scenario.name || t("conversation.bot")} />
            )}
            {owner === null ? null : <span className={classes.owner}>{owner}</span>}
            {unread ? (
              <span className={classes.unread} data-calm={calm} aria-label={t("conversation.unread", { count: c.unread_count })}>
                {c.unread_count > 99 ? "99+" : c.unread_count}
              </span>
            ) : null}
          </span>
        </span>
      </span>
    </Link>
  );
});

/** One tag of those that somebody has described, a coloured one if there is any, and how many more there are. */
function RowTags({ names }: { names: string[] }) {
  const known = useTagsByName();
  const tags = names.flatMap((name) => known.get(name) ?? []);
  const shown = tags.find(({ colour }) => colour !== "grey") ?? tags[0];
  if (shown === undefined) return null;
  const rest = tags.filter((tag) => tag !== shown);
  return (
    <span className={classes.tags} data-testid="row-tags">
      <TagChip small name={shown.name} colour={shown.colour} hint={shown.description} />
      {rest.length === 0 ? null : (
        <span className={classes.more} title={rest.map(({ name }) => name).join(", ")}>
          +{rest.length}
        </span>
      )}
    </span>
  );
}
