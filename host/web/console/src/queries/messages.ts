import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api } from "~/lib/api.ts";
import { keys } from "./keys.ts";

/** A conversation's messages, newest page first; `messages` is ascending. */
export function useMessages(conversationId: string) {
  const query = useInfiniteQuery({
    queryKey: keys.messages(conversationId),
    queryFn: ({ pageParam, signal }) =>
      api.messages.list(conversationId, { before: pageParam, limit: 50 }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.older,
  });
  const messages = useMemo(
    () => query.data?.pages.toReversed().flatMap((page) => page.items) ?? [],
    [query.data],
  );
  const damaged = useMemo(() => query.data?.pages.flatMap((page) => page.damaged ?? []) ?? [], [query.data]);
  return { query, messages, damaged };
}
