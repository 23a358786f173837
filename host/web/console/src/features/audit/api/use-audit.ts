import { useInfiniteQuery } from "@tanstack/react-query";
import { api } from "~/lib/api.ts";
import { keys } from "~/queries/keys.ts";

export function useAudit() {
  return useInfiniteQuery({
    queryKey: keys.audit,
    queryFn: ({ pageParam, signal }) => api.audit.list({ cursor: pageParam, limit: 50 }, signal),
    initialPageParam: null as string | null,
    // Lines come with no event.
    staleTime: 0,
    getNextPageParam: (last) => last.next,
  });
}
