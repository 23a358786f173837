/** The console's outbox, and what else is done to single messages. */
import type { Attachment, Message, Operator } from "@omnichat/api-client/types";
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { api } from "~/lib/api.ts";
import { createStore, useStore } from "~/lib/store.ts";
import { recall, remember } from "~/lib/storage.ts";
import { notifyError } from "~/lib/toasts.ts";
import { keys } from "~/queries/keys.ts";
import { insert, type MessagePages, replace } from "~/realtime/message-pages.ts";
import { createOutbox, type Outbox, type OutboxEntry } from "../outbox.ts";

const current = createStore<Outbox | null>(null);
const none: OutboxEntry[] = [];
const noEntries = createStore<OutboxEntry[]>(none);

/** Opens the operator's outbox and sends what an earlier tab left in it; the answer closes it. */
export function startOutbox(client: QueryClient, operator: Operator): () => void {
  const key = `outbox.${operator.id}`;
  const outbox = createOutbox({
    send: (conversationId, body) => api.messages.send(conversationId, body),
    onSent: (message) => showMessage(client, message, insert),
    schedule: (run, ms) => {
      const timer = window.setTimeout(run, ms);
      return () => window.clearTimeout(timer);
    },
    save: (entries) => remember(key, entries),
    load: () => recall<OutboxEntry[]>(key, []),
  });
  current.set(outbox);
  outbox.flush();
  const flush = () => outbox.flush();
  window.addEventListener("online", flush);
  return () => {
    window.removeEventListener("online", flush);
    current.set(null);
  };
}

function showMessage(
  client: QueryClient,
  message: Message,
  change: (data: MessagePages, message: Message) => MessagePages,
): void {
  client.setQueryData<MessagePages>(keys.messages(message.conversation_id), (data) =>
    data === undefined ? data : change(data, message),
  );
}

export function useOutbox(): Outbox | null {
  return useStore(current);
}

/** What is on its way in one conversation. */
export function usePending(conversationId: string): OutboxEntry[] {
  const outbox = useStore(current);
  const entries = useStore(outbox?.entries ?? noEntries);
  return useMemo(() => entries.filter((e) => e.conversationId === conversationId), [entries, conversationId]);
}

/** Edit, delete and resend of messages that the host has. */
export function useMessageActions() {
  const client = useQueryClient();
  const { t } = useTranslation();
  return useMemo(() => {
    const run = async (call: Promise<Message>, failed: string): Promise<boolean> => {
      try {
        showMessage(client, await call, replace);
        return true;
      } catch (error) {
        notifyError(error, failed);
        return false;
      }
    };
    return {
      edit: (message: Message, text: string) =>
        run(api.messages.edit(message.id, { text }), t("message.edit_failed")),
      remove: (message: Message) => run(api.messages.remove(message.id), t("message.delete_failed")),
      retry: (message: Message) => run(api.messages.retry(message.id), t("message.retry_failed")),
      fetchAgain: (message: Message, attachment: Attachment) =>
        run(api.messages.fetchAgain(message.id, attachment.id), t("message.fetch_again_failed")),
    };
  }, [client, t]);
}
