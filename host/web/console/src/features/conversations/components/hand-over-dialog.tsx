import { Button, Group, Textarea } from "@mantine/core";
import type { Conversation, Operator } from "@omnichat/api-client/types";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "~/components/dialog.tsx";
import { OperatorPicker } from "~/components/operator-picker.tsx";
import { useMe } from "~/queries/me.ts";
import type { ConversationActions } from "../hooks/use-conversation-actions.ts";

interface Props {
  mode: "transfer" | "invite" | null;
  conversation: Conversation;
  actions: ConversationActions;
  onClose: () => void;
}

/** Gives the conversation to a colleague with a few words, or asks one to join it. */
export function HandOverDialog({ mode, conversation, actions, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Dialog
      opened={mode !== null}
      onClose={onClose}
      title={mode === "invite" ? t("conversation.invite_title") : t("conversation.transfer_title")}
      size="sm"
    >
      {mode === null ? null : (
        <HandOverForm mode={mode} conversation={conversation} actions={actions} onClose={onClose} />
      )}
    </Dialog>
  );
}

function HandOverForm({ mode, conversation: c, actions, onClose }: Props & { mode: "transfer" | "invite" }) {
  const { t } = useTranslation();
  const me = useMe().operator.id;
  const [target, setTarget] = useState<Operator | null>(null);
  const [comment, setComment] = useState("");
  const exclude = useCallback(
    (o: Operator) =>
      o.id === c.assignee_id || o.id === me || (mode === "invite" && c.participant_ids.includes(o.id)),
    [c.assignee_id, c.participant_ids, me, mode],
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (target === null) return;
        onClose();
        if (mode === "transfer") void actions.transfer(c, target, comment.trim());
        else void actions.invite(c, target);
      }}
    >
      <OperatorPicker
        label={t("conversation.whom")}
        exclude={exclude}
        selected={target?.id ?? null}
        onPick={(operator) => setTarget(operator)}
      />
      {mode === "transfer" ? (
        <Textarea
          mt="md"
          label={t("conversation.comment")}
          description={t("conversation.comment_hint")}
          autosize
          minRows={2}
          maxRows={6}
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
        />
      ) : null}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          {t("common.cancel")}
        </Button>
        <Button type="submit" disabled={target === null}>
          {mode === "transfer" ? t("conversation.transfer") : t("conversation.invite")}
        </Button>
      </Group>
    </form>
  );
}
