/** The impure end of apply-event: reads from and writes to the real query cache. */
import type { Conversation } from "@omnichat/api-client/types";
import type { QueryClient } from "@tanstack/react-query";
import { keys } from "~/queries/keys.ts";
import { conversationChanged } from "./apply-event.ts";
import type { CacheUpdate, CacheView } from "./cache.ts";

export function cacheView(client: QueryClient): CacheView {
  return {
    get: (key) => client.getQueryData(key),
    under: (prefix) =>
      client
        .getQueriesData({ queryKey: prefix })
        .flatMap(([key, data]) => (data === undefined ? [] : [{ key, data }])),
  };
}

let countsTimer: number | null = null;

export function commitUpdates(client: QueryClient, updates: CacheUpdate[]): void {
  for (const update of updates) {
    if (update.kind === "set") client.setQueryData(update.key, update.data);
    else if (update.key === keys.counts) refetchCountsSoon(client);
    else void client.invalidateQueries({ queryKey: update.key });
  }
}

/** A burst of events asks for the counts once. */
function refetchCountsSoon(client: QueryClient): void {
  countsTimer ??= window.setTimeout(() => {
    countsTimer = null;
    void client.invalidateQueries({ queryKey: keys.counts });
  }, 400);
}

/** Shows a conversation's new state everywhere; `force` for an optimistic one, whose version has not moved. */
export function showConversation(
  client: QueryClient,
  conversation: Conversation,
  meId: string,
  force = false,
): void {
  commitUpdates(client, conversationChanged(conversation, cacheView(client), { me: meId, now: Date.now() }, force));
}
