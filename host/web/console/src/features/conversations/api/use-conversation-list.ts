import type { Conversation, ConversationFilter } from "@omnichat/api-client/types";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api } from "~/lib/api.ts";
import { keys } from "~/queries/keys.ts";

/** A view's conversations, page by page; events keep the loaded part true. */
export function useConversationList(filter: ConversationFilter) {
  const query = useInfiniteQuery({
    queryKey: keys.conversationList(filter),
    queryFn: ({ pageParam, signal }) => api.conversations.list(filter, { cursor: pageParam, limit: 50 }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
    // Events feed a list only while it is in the cache; what comes back into view later is fetched anew.
    staleTime: 30_000,
  });
  const items = useMemo(() => unique(query.data?.pages.flatMap((page) => page.items) ?? []), [query.data]);
  const damaged = useMemo(() => query.data?.pages.flatMap((page) => page.damaged ?? []) ?? [], [query.data]);
  return { query, items, damaged };
}

/** A conversation that moved between two page loads may come twice; the newer state stays. */
function unique(items: Conversation[]): Conversation[] {
  const newest = new Map<string, Conversation>();
  for (const item of items) {
    const held = newest.get(item.id);
    if (held === undefined || held.version < item.version) newest.set(item.id, item);
  }
  const seen = new Set<string>();
  return items.flatMap((item) => {
    if (seen.has(item.id)) return [];
    seen.add(item.id);
    return [newest.get(item.id) ?? item];
  });
}
