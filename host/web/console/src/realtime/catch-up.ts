/**
 * A fetch that was on its way when an event came may answer with the state before it. Events are kept
 * for a while, and those that came during a fetch are applied to its answer once more: versions make
 * the repetition harmless.
 */
import type { DomainEvent } from "@omnichat/api-client/realtime";
import type { QueryClient } from "@tanstack/react-query";

const keepMs = 60_000;

export function createCatchUp(apply: (event: DomainEvent) => void, now: () => number = Date.now) {
  let recent: { at: number; event: DomainEvent }[] = [];
  const started = new Map<string, number>();
  return {
    saw(event: DomainEvent): void {
      const at = now();
      if (recent.length > 0 && at - (recent[0]?.at ?? at) > keepMs) recent = recent.filter((r) => at - r.at <= keepMs);
      recent.push({ at, event });
    },
    fetchStarted(query: string): void {
      started.set(query, now());
    },
    fetchEnded(query: string): void {
      const since = started.get(query);
      started.delete(query);
      if (since === undefined) return;
      for (const { at, event } of recent) if (at >= since) apply(event);
    },
  };
}

export type CatchUp = ReturnType<typeof createCatchUp>;

/** Watches the query cache for fetches; the answer stops watching. */
export function watchFetches(client: QueryClient, catchUp: CatchUp): () => void {
  return client.getQueryCache().subscribe((notice) => {
    if (notice.type !== "updated") return;
    const { action } = notice;
    if (action.type === "fetch") catchUp.fetchStarted(notice.query.queryHash);
    // Inside the notification the cache is still being written.
    else if (action.type === "success" && action.manual !== true) {
      queueMicrotask(() => catchUp.fetchEnded(notice.query.queryHash));
    }
  });
}
