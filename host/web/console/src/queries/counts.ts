import { useQuery } from "@tanstack/react-query";
import { api } from "~/lib/api.ts";
import { keys } from "./keys.ts";
import { useCan } from "./me.ts";

/** How many conversations there are in the ready-made views; asked for only by those who may see some. */
export function useCounts() {
  const can = useCan();
  const allowed = can("conversations.read_own") || can("conversations.read_all");
  return useQuery({
    queryKey: keys.counts,
    queryFn: ({ signal }) => api.conversations.counts(signal),
    staleTime: 60_000,
    enabled: allowed,
  });
}

/** The host counts up to a thousand. */
export function capped(count: number): string {
  return count > 999 ? "999+" : String(count);
}
