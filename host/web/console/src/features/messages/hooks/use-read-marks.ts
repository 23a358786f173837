import type { Conversation } from "@omnichat/api-client/types";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api } from "~/lib/api.ts";
import { useMe } from "~/queries/me.ts";
import { showConversation } from "~/realtime/commit-updates.ts";

/**
 * Marks a conversation read while it is really looked at: on the screen, in a visible window, and by
 * somebody whom it concerns. A senior who looks over a colleague's shoulder reads nothing for them.
 */
export function useReadMarks(conversation: Conversation, messagesShown: boolean): void {
  const client = useQueryClient();
  const meId = useMe().operator.id;
  const { id, unread_count: unread, assignee_id: assignee, participant_ids: participants } = conversation;
  const concerned = assignee === null || assignee === meId || participants.includes(meId);
  useEffect(() => {
    if (unread === 0 || !messagesShown || !concerned) return;
    const mark = () => {
      if (document.visibilityState !== "visible") return;
      document.removeEventListener("visibilitychange", mark);
      api.conversations.read(id).then(
        (answer) => showConversation(client, answer, meId),
        // The mark stays; the next message or visit tries again.
        () => undefined,
      );
    };
    mark();
    document.addEventListener("visibilitychange", mark);
    return () => document.removeEventListener("visibilitychange", mark);
  }, [client, id, unread, meId, messagesShown, concerned]);
}
