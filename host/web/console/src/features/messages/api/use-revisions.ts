import { useQuery } from "@tanstack/react-query";
import { api } from "~/lib/api.ts";
import { keys } from "~/queries/keys.ts";

/** The earlier texts of a message; the count is part of the key, so that another edit refetches. */
export function useRevisions(messageId: string, count: number, enabled: boolean) {
  return useQuery({
    queryKey: keys.revisions(messageId, count),
    queryFn: ({ signal }) => api.messages.revisions(messageId, signal),
    enabled,
  });
}
