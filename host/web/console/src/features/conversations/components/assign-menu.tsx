import { Button, Popover } from "@mantine/core";
import type { Conversation } from "@omnichat/api-client/types";
import { IconUserMinus, IconUserPlus } from "@tabler/icons-react";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { Avatar } from "~/components/avatar.tsx";
import { OperatorPicker } from "~/components/operator-picker.tsx";
import { useCan, useMe } from "~/queries/me.ts";
import { useOperatorNames } from "~/queries/operators.ts";
import type { ConversationActions } from "../hooks/use-conversation-actions.ts";
import classes from "./conversation-header.module.css";

interface Props {
  conversation: Conversation;
  actions: ConversationActions;
  opened: boolean;
  onChange: (opened: boolean) => void;
  compact: boolean;
}

/** Who the conversation belongs to; takes it, gives it away, or lets it go. */
export function AssignMenu({ conversation: c, actions, opened, onChange, compact }: Props) {
  const { t } = useTranslation();
  const can = useCan();
  const me = useMe();
  const names = useOperatorNames();
  const assignee = c.assignee_id === null ? null : (names.get(c.assignee_id) ?? null);
  const mayAssign = can("conversations.assign");
  const exclude = useCallback(() => false, []);
  const label =
    assignee === null
      ? t("conversation.nobody")
      : assignee.id === me.operator.id
        ? t("conversation.mine")
        : assignee.name;

  if (c.assignee_id === null && can("conversations.take") && !mayAssign) {
    return (
      <Button variant="default" onClick={() => void actions.take(c)}>
        {t("conversation.take")}
      </Button>
    );
  }
  return (
    <Popover opened={opened} onChange={onChange} position="bottom-end" width={280} trapFocus returnFocus>
      <Popover.Target>
        <button
          type="button"
          className={classes.assignee}
          aria-haspopup="dialog"
          aria-expanded={opened}
          disabled={!mayAssign}
          onClick={() => onChange(!opened)}
        >
          <span className="visually-hidden">{t("conversation.assignee_is", { name: label })}</span>
          {assignee === null ? (
            <span className={classes.nobody}>
              <IconUserPlus size={15} stroke={1.8} />
            </span>
          ) : (
            <Avatar id={assignee.id} name={assignee.name} url={assignee.avatar_url} size={24} />
          )}
          {compact ? null : (
            <span className={classes.assigneeName} aria-hidden="true">
              {label}
            </span>
          )}
        </button>
      </Popover.Target>
      <Popover.Dropdown p={8} aria-label={t("conversation.assign")}>
        <OperatorPicker
          label={t("conversation.assign_to")}
          exclude={exclude}
          selected={c.assignee_id}
          onPick={(operator) => {
            onChange(false);
            if (operator.id === c.assignee_id) return;
            if (operator.id === me.operator.id) void actions.take(c);
            else void actions.assign(c, operator);
          }}
        />
        {c.assignee_id === null ? null : (
          <Button
            variant="subtle"
            color="gray"
            fullWidth
            mt={6}
            justify="flex-start"
            leftSection={<IconUserMinus size={16} stroke={1.8} />}
            onClick={() => {
              onChange(false);
              void actions.assign(c, null);
            }}
          >
            {t("conversation.unassign")}
          </Button>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
