import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "~/lib/api.ts";
import { keys } from "~/queries/keys.ts";

export function useQuarantine() {
  return useInfiniteQuery({
    queryKey: keys.quarantineList,
    queryFn: ({ pageParam, signal }) => api.quarantine.list({ cursor: pageParam, limit: 50 }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
}

export function useQuarantined(id: string) {
  return useQuery({
    queryKey: keys.quarantined(id),
    queryFn: ({ signal }) => api.quarantine.get(id, signal),
  });
}

export function useReplay() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.quarantine.replay(id),
    onSettled: () => client.invalidateQueries({ queryKey: keys.quarantine }),
  });
}

export function useDeleteQuarantined() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.quarantine.remove(id),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.quarantineList }),
  });
}
