import type { Inbox } from "@omnichat/api-client/types";
import { useQuery } from "@tanstack/react-query";
import { api } from "~/lib/api.ts";
import { keys } from "./keys.ts";

export function useInboxes() {
  return useQuery({
    queryKey: keys.inboxes,
    queryFn: ({ signal }) => api.inboxes.list(signal),
    staleTime: 60_000,
  });
}

export function useInbox(id: string | undefined): Inbox | undefined {
  const { data } = useInboxes();
  return data?.items.find((inbox) => inbox.id === id);
}
