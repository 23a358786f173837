import type { Conversation, ConversationQuery, ConversationSort } from "@omnichat/api-client/types";
import { type InfiniteData, keepPreviousData, useInfiniteQuery, type UseInfiniteQueryResult } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { api } from "~/lib/api.ts";
import { isRelative } from "~/lib/condition.ts";
import { keys } from "~/queries/keys.ts";
import { type ListPage, order } from "~/realtime/conversation-lists.ts";
import { isPatienceOver, mostAnew } from "../patience.ts";

const limit = 50;
const minute = 60_000;

/** The search through a list of which little fits. */
export interface Search {
  /** It stopped, and somebody is to say whether it goes on. */
  stopped: boolean;
  /** It goes on because somebody said so. */
  furthered: boolean;
  further: () => void;
}

/** A view's conversations, page by page; events keep the loaded part true, and where time alone changes it, a fetch each minute. */
export function useConversationList(asked: ConversationQuery) {
  const relative = asked.filter !== undefined && isRelative(asked.filter);
  const query = useInfiniteQuery({
    queryKey: keys.conversationList(asked),
    queryFn: async ({ pageParam, signal }) => {
      const page = await api.conversations.list(asked, { cursor: pageParam, limit }, signal);
      return { ...page, short: page.items.length < limit };
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
    // Events feed a list only while it is in the cache; what comes back into view later is fetched anew.
    staleTime: 30_000,
    refetchInterval: ({ state }) => (relative && (state.data?.pages.length ?? 0) <= mostAnew ? minute : false),
  });
  // Rows of the view before, shown while this one loads, stay as they lie.
  const sort = query.isPlaceholderData ? null : (asked.sort ?? "activity");
  const items = useMemo(() => merged(query.data?.pages.flatMap((page) => page.items) ?? [], sort), [query.data, sort]);
  const damaged = useMemo(() => query.data?.pages.flatMap((page) => page.damaged ?? []) ?? [], [query.data]);
  return { query, items, damaged, search: useSearchFurther(JSON.stringify(asked), query) };
}

function useSearchFurther(key: string, { data, hasNextPage }: UseInfiniteQueryResult<InfiniteData<ListPage>>): Search {
  // Another list has been asked for nothing yet.
  const [said, setSaid] = useState({ key, since: 0 });
  const since = said.key === key ? said.since : 0;
  const pages = data?.pages ?? [];
  const stopped = hasNextPage && isPatienceOver(pages, since);
  return {
    stopped,
    furthered: hasNextPage && !stopped && since > 0 && pages.slice(since).every(({ short }) => short === true),
    further: () => setSaid({ key, since: pages.length }),
  };
}

/** A conversation that moved between two page loads may come twice; the newer state stays, in its place. */
function merged(items: Conversation[], sort: ConversationSort | null): Conversation[] {
  const newest = new Map<string, Conversation>();
  for (const item of items) {
    const held = newest.get(item.id);
    if (held === undefined || held.version < item.version) newest.set(item.id, item);
  }
  const all = [...newest.values()];
  return sort === null ? all : all.sort((a, b) => order(sort, a, b));
}
