import { useQuery } from "@tanstack/react-query";
import { api } from "~/lib/api.ts";
import { keys } from "./keys.ts";

export function useCounts() {
  return useQuery({
    queryKey: keys.counts,
    queryFn: ({ signal }) => api.conversations.counts(signal),
    staleTime: 60_000,
  });
}

/** The host counts up to a thousand. */
export function capped(count: number): string {
  return count > 999 ? "999+" : String(count);
}
