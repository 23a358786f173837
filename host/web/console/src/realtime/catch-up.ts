/**
 * A fetch that was on its way when an event came may answer with the state before it. Events are kept as long
 * as a fetch is under way that began before them, and are applied to its answer once more: versions make the
 * repetition harmless.
 */
import type { DomainEvent } from "@omnichat/api-client/realtime";
import type { QueryClient } from "@tanstack/react-query";

export function createCatchUp(apply: (event: DomainEvent) => void, now: () => number = Date.now) {
  let recent: { at: number; event: DomainEvent }[] = [];
  const started = new Map<string, number>();
  const forget = (query: string) => {
    started.delete(query);
    const oldest = Math.min(...started.values());
    recent = recent.filter(({ at }) => at >= oldest);
  };
  return {
    saw(event: DomainEvent): void {
      if (started.size > 0) recent.push({ at: now(), event });
    },
    fetchStarted(query: string): void {
      started.set(query, now());
    },
    /** It has its answer. */
    fetchEnded(query: string): void {
      const since = started.get(query);
      if (since === undefined) return;
      const missed = recent.filter(({ at }) => at >= since);
      forget(query);
      for (const { event } of missed) apply(event);
    },
    /** It has failed, or nobody waits for it any more. */
    fetchLeft: forget,
  };
}

export type CatchUp = ReturnType<typeof createCatchUp>;

/** Watches the query cache for fetches; the answer stops watching. */
export function watchFetches(client: QueryClient, catchUp: CatchUp): () => void {
  return client.getQueryCache().subscribe((notice) => {
    const { query } = notice;
    if (notice.type === "removed") return catchUp.fetchLeft(query.queryHash);
    if (notice.type !== "updated") return;
    const { action } = notice;
    if (action.type === "fetch") catchUp.fetchStarted(query.queryHash);
    // Inside the notification the cache is still being written.
    else if (action.type === "success" && action.manual !== true) queueMicrotask(() => catchUp.fetchEnded(query.queryHash));
    else if (action.type === "error" || (action.type === "setState" && query.state.fetchStatus === "idle")) {
      catchUp.fetchLeft(query.queryHash);
    }
  });
}
