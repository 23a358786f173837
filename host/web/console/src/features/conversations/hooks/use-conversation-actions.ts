/**
 * Everything that is done to a conversation as a whole. Shown at once, sent at once, and undone by the
 * opposite action for six seconds where there is one.
 */
import { ApiError } from "@omnichat/api-client/error";
import type { Conversation, Operator, Priority } from "@omnichat/api-client/types";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { api } from "~/lib/api.ts";
import { dismiss, notify, notifyError } from "~/lib/toasts.ts";
import { keys } from "~/queries/keys.ts";
import { useMe } from "~/queries/me.ts";
import { showConversation } from "~/realtime/commit-updates.ts";

interface Step {
  /** The state to show before the host has answered. */
  guess: Partial<Conversation>;
  send: () => Promise<Conversation>;
  /** What to say when it is done. */
  done?: string;
  undo?: () => void;
  failed: string;
}

export type ConversationActions = ReturnType<typeof useConversationActions>;

export function useConversationActions() {
  const client = useQueryClient();
  const me = useMe();
  const meId = me.operator.id;
  const { t } = useTranslation();

  return useMemo(() => {
    const current = (c: Conversation) => client.getQueryData<Conversation>(keys.conversation(c.id)) ?? c;

    async function run(conversation: Conversation, step: Step): Promise<boolean> {
      const before = current(conversation);
      showConversation(client, { ...before, ...step.guess }, meId, true);
      const notice = step.done === undefined ? null : notify(step.done, step.undo);
      try {
        settle(await step.send());
        return true;
      } catch (error) {
        if (notice !== null) dismiss(notice);
        await restore(before);
        const quicker = error instanceof ApiError && error.code === "conflict";
        notifyError(error, quicker ? t("conversation.quicker") : step.failed);
        return false;
      }
    }

    /** The truth after a refusal is the host's; without it, what was there before. */
    async function restore(before: Conversation): Promise<void> {
      settle(await api.conversations.get(before.id).catch(() => before));
    }

    /** An answer replaces the guess, which carries the version before it; a newer event stays. */
    function settle(answer: Conversation): void {
      showConversation(client, answer, meId, answer.version >= current(answer).version);
    }

    /** Without a version: whatever else moved meanwhile, only another assignee means that somebody was quicker. */
    function takeOrAssign(before: Conversation): Promise<Conversation> {
      // From a colleague it is not taken but assigned, which is another right.
      if (before.assignee_id !== null) return api.conversations.assign(before.id, { operator_id: meId });
      return api.conversations.take(before.id, {});
    }

    /** Nothing gives a conversation back to a bot. */
    const unlessBot = (before: Conversation, undo: () => void) => (before.scenario === null ? undo : undefined);

    const revive = (c: Conversation, before: Conversation) => () => {
      const restored: Partial<Conversation> = { status: "open", snoozed_until: null, resolved_at: null };
      const wake = before.snoozed_until;
      if (before.status === "snoozed" && wake !== null) {
        void run(c, {
          guess: { status: "snoozed", snoozed_until: wake },
          send: () => api.conversations.snooze(c.id, { until: wake }),
          failed: t("conversation.failed"),
        });
        return;
      }
      void run(c, { guess: restored, send: () => api.conversations.reopen(c.id), failed: t("conversation.failed") });
    };

    const assign = (c: Conversation, operatorId: string | null, done?: string, undo?: () => void) =>
      run(c, {
        guess: { assignee_id: operatorId, ...(operatorId === null ? {} : { scenario: null }) },
        send: () => api.conversations.assign(c.id, { operator_id: operatorId }),
        ...(done === undefined ? {} : { done }),
        ...(undo === undefined ? {} : { undo }),
        failed: t("conversation.failed"),
      });

    /** Needs no other right than taking did, so it serves as its undo. */
    const leave = (c: Conversation, done?: string, undo?: () => void) => {
      const before = current(c);
      return run(c, {
        guess: {
          participant_ids: before.participant_ids.filter((id) => id !== meId),
          assignee_id: before.assignee_id === meId ? null : before.assignee_id,
        },
        send: () => api.conversations.leave(c.id),
        ...(done === undefined ? {} : { done }),
        ...(undo === undefined ? {} : { undo }),
        failed: t("conversation.failed"),
      });
    };

    const take = (c: Conversation, done?: string, undo?: () => void) => {
      const before = current(c);
      return run(c, {
        guess: { assignee_id: meId, scenario: null, status: before.status === "new" ? "open" : before.status },
        send: () => takeOrAssign(before),
        ...(done === undefined ? {} : { done }),
        ...(undo === undefined ? {} : { undo }),
        failed: t("conversation.failed"),
      });
    };

    return {
      async take(c: Conversation): Promise<void> {
        const before = current(c);
        const undo = () => void (before.assignee_id === null ? leave(c) : assign(c, before.assignee_id));
        await take(c, t("conversation.taken"), unlessBot(before, undo));
      },
      async assign(c: Conversation, operator: Operator | null): Promise<void> {
        const before = current(c);
        const done =
          operator === null ? t("conversation.unassigned") : t("conversation.assigned_to", { name: operator.name });
        await assign(c, operator?.id ?? null, done, unlessBot(before, () => void assign(c, before.assignee_id)));
      },
      transfer: (c: Conversation, operator: Operator, comment: string) => {
        const before = current(c);
        const undo = unlessBot(before, () => void assign(c, before.assignee_id));
        return run(c, {
          guess: { assignee_id: operator.id, scenario: null },
          send: () =>
            api.conversations.transfer(c.id, {
              operator_id: operator.id,
              ...(comment === "" ? {} : { comment }),
            }),
          done: t("conversation.transferred_to", { name: operator.name }),
          ...(undo === undefined ? {} : { undo }),
          failed: t("conversation.failed"),
        });
      },
      invite: (c: Conversation, operator: Operator) =>
        run(c, {
          guess: { participant_ids: [...new Set([...current(c).participant_ids, operator.id])] },
          send: () => api.conversations.invite(c.id, { operator_id: operator.id }),
          done: t("conversation.invited", { name: operator.name }),
          failed: t("conversation.failed"),
        }),
      leave: (c: Conversation) => {
        const before = current(c);
        const back = before.assignee_id === meId ? () => void take(c) : undefined;
        return leave(c, t("conversation.left"), back);
      },
      resolve: (c: Conversation) =>
        run(c, {
          guess: { status: "resolved", scenario: null, waiting_since: null, snoozed_until: null },
          send: () => api.conversations.resolve(c.id),
          done: t("conversation.resolved"),
          undo: revive(c, current(c)),
          failed: t("conversation.failed"),
        }),
      close: (c: Conversation) =>
        run(c, {
          guess: { status: "closed", scenario: null, waiting_since: null, snoozed_until: null },
          send: () => api.conversations.close(c.id),
          done: t("conversation.closed"),
          undo: revive(c, current(c)),
          failed: t("conversation.failed"),
        }),
      reopen: (c: Conversation) =>
        run(c, {
          guess: { status: "open", snoozed_until: null, resolved_at: null },
          send: () => api.conversations.reopen(c.id),
          done: t("conversation.reopened"),
          failed: t("conversation.failed"),
        }),
      spam: (c: Conversation) =>
        run(c, {
          guess: { status: "spam", scenario: null, waiting_since: null },
          send: () => api.conversations.spam(c.id),
          done: t("conversation.marked_spam"),
          undo: revive(c, current(c)),
          failed: t("conversation.failed"),
        }),
      snooze: (c: Conversation, until: Date, words: string) =>
        run(c, {
          guess: { status: "snoozed", scenario: null, snoozed_until: until.toISOString() },
          send: () => api.conversations.snooze(c.id, { until: until.toISOString() }),
          done: t("conversation.snoozed_until", { when: words }),
          undo: revive(c, current(c)),
          failed: t("conversation.failed"),
        }),
      setPriority: (c: Conversation, priority: Priority) =>
        run(c, {
          guess: { priority },
          send: () => api.conversations.update(c.id, { priority }),
          failed: t("conversation.failed"),
        }),
      setTags: (c: Conversation, tags: string[]) =>
        run(c, {
          guess: { tags },
          send: () => api.conversations.update(c.id, { tags }),
          failed: t("conversation.failed"),
        }),
    };
  }, [client, meId, t]);
}
