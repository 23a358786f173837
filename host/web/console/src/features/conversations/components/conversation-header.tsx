import { Button, Menu } from "@mantine/core";
import type { Conversation } from "@omnichat/api-client/types";
import {
  IconAlertOctagon,
  IconArrowLeft,
  IconArrowsRightLeft,
  IconCheck,
  IconCircleX,
  IconDots,
  IconDoorExit,
  IconLayoutSidebarRight,
  IconRotateClockwise,
  IconUserPlus,
} from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { ChannelGlyph } from "~/components/avatar.tsx";
import { IconButton } from "~/components/icon-button.tsx";
import { type Command, useCommands } from "~/lib/commands.ts";
import { useHasRoomForPanel } from "~/lib/media.ts";
import { useShortcuts } from "~/lib/shortcuts.ts";
import { exact } from "~/lib/time.ts";
import { useInbox } from "~/queries/inboxes.ts";
import { useCan, useMe } from "~/queries/me.ts";
import type { ConversationActions } from "../hooks/use-conversation-actions.ts";
import { AssignMenu } from "./assign-menu.tsx";
import { BotChip, TakeOverButton } from "./bot-marks.tsx";
import classes from "./conversation-header.module.css";
import { HandOverDialog } from "./hand-over-dialog.tsx";
import { SnoozeMenu, whenWords } from "./snooze-menu.tsx";
import { ViewersNote } from "./viewers-note.tsx";

interface Props {
  conversation: Conversation;
  actions: ConversationActions;
  phone: boolean;
  panelOpen: boolean;
  onBack: () => void;
  onPanel: () => void;
}

const ended = ["resolved", "closed", "spam"];

export function ConversationHeader({ conversation: c, actions, phone, panelOpen, onBack, onPanel }: Props) {
  const { t } = useTranslation();
  const can = useCan();
  const me = useMe().operator.id;
  const inbox = useInbox(c.inbox_id);
  // Signs instead of words where there is little room.
  const narrow = !useHasRoomForPanel();
  const [assigning, setAssigning] = useState(false);
  const [snoozing, setSnoozing] = useState(false);
  const [handing, setHanding] = useState<"transfer" | "invite" | null>(null);
  const manage = can("conversations.manage");
  const assign = can("conversations.assign");
  const mayTake = c.assignee_id === null ? can("conversations.take") : assign && c.assignee_id !== me;
  const take = t(c.scenario === null ? "conversation.take" : "conversation.take_over");
  const over = ended.includes(c.status);
  const inside = c.assignee_id === me || c.participant_ids.includes(me);

  useEffect(() => {
    setAssigning(false);
    setSnoozing(false);
    setHanding(null);
  }, [c.id]);

  useShortcuts({
    KeyE: manage && !over ? () => void actions.resolve(c) : undefined,
    KeyA: assign ? () => setAssigning(true) : undefined,
    KeyS: manage && !over ? () => setSnoozing(true) : undefined,
    Escape: onBack,
  });

  const offered = useMemo((): Command[] => {
    const group = c.customer.name;
    const list: (Command | false)[] = [
      manage && !over && { id: "resolve", title: t("conversation.resolve"), group, keys: "E", run: () => void actions.resolve(c) },
      manage && over && { id: "reopen", title: t("conversation.reopen"), group, run: () => void actions.reopen(c) },
      mayTake && { id: "take", title: take, group, run: () => void actions.take(c) },
      assign && { id: "transfer", title: t("conversation.transfer_title"), group, run: () => setHanding("transfer") },
      assign && { id: "invite", title: t("conversation.invite_title"), group, run: () => setHanding("invite") },
      manage && !over && { id: "snooze", title: t("conversation.snooze"), group, keys: "S", run: () => setSnoozing(true) },
      manage && { id: "close", title: t("conversation.close"), group, run: () => void actions.close(c) },
      manage && { id: "spam", title: t("conversation.spam"), group, run: () => void actions.spam(c) },
    ];
    return list.filter((entry) => entry !== false);
  }, [c, actions, manage, assign, mayTake, take, over, t]);
  useCommands("conversation", offered);

  return (
    <header className={classes.header}>
      {phone ? (
        <IconButton label={t("common.back")} onClick={onBack}>
          <IconArrowLeft size={20} stroke={1.8} />
        </IconButton>
      ) : null}
      <button type="button" className={classes.who} onClick={onPanel} title={t("customer.open", { name: c.customer.name })}>
        <span className={classes.name}>{c.customer.name}</span>
        <span className={classes.where}>
          <ChannelGlyph kind={c.channel} size={14} />
          <span className={classes.inbox}>{inbox?.title ?? t(`channel.${c.channel}`, { defaultValue: c.channel })}</span>
          <span
            className={classes.status}
            data-status={c.status}
            data-minor={narrow && c.scenario !== null}
            title={c.snoozed_until === null ? undefined : exact(c.snoozed_until)}
          >
            {c.status === "snoozed" && c.snoozed_until !== null
              ? t("conversation.snoozed_until", { when: whenWords(new Date(c.snoozed_until)) })
              : t(`status.${c.status}`)}
          </span>
          {c.scenario === null ? null : (
            <BotChip name={c.scenario.name || t("conversation.bot")} compact={narrow} />
          )}
        </span>
      </button>
      <ViewersNote conversationId={c.id} />
      <div className={classes.actions}>
        {c.scenario !== null && mayTake ? (
          <TakeOverButton compact={narrow} onTake={() => void actions.take(c)} />
        ) : null}
        {c.scenario !== null && (phone || !assign) ? null : (
          <AssignMenu
            conversation={c}
            actions={actions}
            opened={assigning}
            onChange={setAssigning}
            compact={phone || c.scenario !== null}
          />
        )}
        {manage && !over ? (
          <>
            <SnoozeMenu
              opened={snoozing}
              onChange={setSnoozing}
              onSnooze={(until, words) => void actions.snooze(c, until, words)}
            />
            {phone ? (
              <IconButton label={t("conversation.resolve")} onClick={() => void actions.resolve(c)}>
                <IconCheck size={20} stroke={1.8} />
              </IconButton>
            ) : (
              <Button
                leftSection={<IconCheck size={16} stroke={2} />}
                onClick={() => void actions.resolve(c)}
                title="E"
                aria-keyshortcuts="E"
              >
                {t("conversation.resolve")}
              </Button>
            )}
          </>
        ) : null}
        {manage && over ? (
          <Button
            variant="default"
            leftSection={<IconRotateClockwise size={16} stroke={1.8} />}
            onClick={() => void actions.reopen(c)}
          >
            {t("conversation.reopen")}
          </Button>
        ) : null}
        <Menu width={230}>
          <Menu.Target>
            <IconButton label={t("conversation.more")}>
              <IconDots size={18} stroke={1.7} />
            </IconButton>
          </Menu.Target>
          <Menu.Dropdown>
            {mayTake ? (
              <Menu.Item leftSection={<IconUserPlus size={16} stroke={1.7} />} onClick={() => void actions.take(c)}>
                {take}
              </Menu.Item>
            ) : null}
            {assign ? (
              <>
                <Menu.Item leftSection={<IconArrowsRightLeft size={16} stroke={1.7} />} onClick={() => setHanding("transfer")}>
                  {t("conversation.transfer_title")}
                </Menu.Item>
                <Menu.Item leftSection={<IconUserPlus size={16} stroke={1.7} />} onClick={() => setHanding("invite")}>
                  {t("conversation.invite_title")}
                </Menu.Item>
              </>
            ) : null}
            {inside ? (
              <Menu.Item leftSection={<IconDoorExit size={16} stroke={1.7} />} onClick={() => void actions.leave(c)}>
                {t("conversation.leave")}
              </Menu.Item>
            ) : null}
            {manage ? (
              <>
                <Menu.Divider />
                {c.status === "snoozed" ? (
                  <Menu.Item leftSection={<IconRotateClockwise size={16} stroke={1.7} />} onClick={() => void actions.reopen(c)}>
                    {t("conversation.wake")}
                  </Menu.Item>
                ) : null}
                {c.status === "closed" ? null : (
                  <Menu.Item leftSection={<IconCircleX size={16} stroke={1.7} />} onClick={() => void actions.close(c)}>
                    {t("conversation.close")}
                  </Menu.Item>
                )}
                {c.status === "spam" ? null : (
                  <Menu.Item
                    color="red"
                    leftSection={<IconAlertOctagon size={16} stroke={1.7} />}
                    onClick={() => void actions.spam(c)}
                  >
                    {t("conversation.spam")}
                  </Menu.Item>
                )}
              </>
            ) : null}
          </Menu.Dropdown>
        </Menu>
        {phone ? null : (
          <IconButton
            label={panelOpen ? t("customer.hide_panel") : t("customer.show_panel")}
            aria-pressed={panelOpen}
            onClick={onPanel}
          >
            <IconLayoutSidebarRight size={18} stroke={1.7} />
          </IconButton>
        )}
      </div>
      <HandOverDialog mode={handing} conversation={c} actions={actions} onClose={() => setHanding(null)} />
    </header>
  );
}
