/**
 * Messages on their way to the host. Each keeps its client key from the first attempt to the last, so a
 * repeat after a lost answer is taken by the host for the same message. Messages of one conversation
 * leave in the order they were written; a refused one stays visible and lets the next ones pass.
 */
import { ApiError } from "@omnichat/api-client/error";
import type { Message, NewMessage, StoredFile } from "@omnichat/api-client/types";
import { createStore } from "~/lib/store.ts";
import { backoff } from "~/realtime/backoff.ts";

export interface OutboxEntry {
  conversationId: string;
  body: NewMessage;
  files: StoredFile[];
  replyPreview: { author_name: string; preview: string; kind: "text" } | null;
  createdAt: string;
  phase: "sending" | "waiting" | "refused";
  error: { code: string; message: string; requestId: string | null } | null;
}

export interface OutboxDeps {
  send: (conversationId: string, body: NewMessage) => Promise<Message>;
  onSent: (message: Message) => void;
  schedule: (run: () => void, ms: number) => () => void;
  save: (entries: OutboxEntry[]) => void;
  load: () => OutboxEntry[];
}

export type Outbox = ReturnType<typeof createOutbox>;

export function createOutbox(deps: OutboxDeps) {
  const entries = createStore<OutboxEntry[]>(
    deps.load().map((e) => (e.phase === "sending" ? { ...e, phase: "waiting" } : e)),
  );
  const busy = new Set<string>();
  const attempts = new Map<string, number>();
  const retries = new Map<string, () => void>();

  function change(next: OutboxEntry[]): void {
    entries.set(next);
    deps.save(next);
  }

  function patch(key: string, over: Partial<OutboxEntry>): void {
    change(entries.get().map((e) => (e.body.client_key === key ? { ...e, ...over } : e)));
  }

  function remove(key: string): void {
    change(entries.get().filter((e) => e.body.client_key !== key));
  }

  async function drain(conversationId: string): Promise<void> {
    if (busy.has(conversationId)) return;
    busy.add(conversationId);
    retries.get(conversationId)?.();
    retries.delete(conversationId);
    try {
      for (;;) {
        const entry = entries
          .get()
          .find((e) => e.conversationId === conversationId && e.phase !== "refused");
        if (entry === undefined) return;
        const key = entry.body.client_key;
        if (entry.phase === "waiting") patch(key, { phase: "sending" });
        try {
          const message = await deps.send(conversationId, entry.body);
          attempts.delete(conversationId);
          deps.onSent(message);
          remove(key);
        } catch (error) {
          if (error instanceof ApiError && error.isTemporary) {
            patch(key, { phase: "waiting" });
            retryLater(conversationId, error.retryAfterMs);
            return;
          }
          patch(key, { phase: "refused", error: reason(error) });
        }
      }
    } finally {
      busy.delete(conversationId);
    }
  }

  function retryLater(conversationId: string, hint: number | null): void {
    const attempt = attempts.get(conversationId) ?? 0;
    attempts.set(conversationId, attempt + 1);
    const cancel = deps.schedule(() => void drain(conversationId), hint ?? backoff(attempt));
    retries.set(conversationId, cancel);
  }

  return {
    entries,
    enqueue(entry: Omit<OutboxEntry, "phase" | "error">): void {
      change([...entries.get(), { ...entry, phase: "sending", error: null }]);
      void drain(entry.conversationId);
    },
    /** Sends a refused message again under the same key. */
    retry(key: string): void {
      const entry = entries.get().find((e) => e.body.client_key === key);
      if (entry === undefined) return;
      patch(key, { phase: "sending", error: null });
      void drain(entry.conversationId);
    },
    discard: remove,
    /** Sends what waits, for when the network is back or the console was opened again. */
    flush(): void {
      for (const id of new Set(entries.get().map((e) => e.conversationId))) void drain(id);
    },
  };
}

function reason(error: unknown): OutboxEntry["error"] {
  return error instanceof ApiError
    ? { code: error.code, message: error.message, requestId: error.requestId }
    : { code: "internal", message: String(error), requestId: null };
}
