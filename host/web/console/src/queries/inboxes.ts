import type { Inbox } from "@omnichat/api-client/types";
import { useQuery } from "@tanstack/react-query";
import { api } from "~/lib/api.ts";
import { keys } from "./keys.ts";
import { useCan } from "./me.ts";

/** Without its plugin a channel can do nothing. */
export function lacksPlugin({ available }: Inbox): boolean {
  return !available;
}

/** How often to ask whether the plugin of a channel is back: nobody tells; milliseconds. */
const pause = 10_000;

/** The connected channels. Asked for only by those who may see them. */
export function useInboxes() {
  const allowed = useCan()("inboxes.read");
  return useQuery({
    queryKey: keys.inboxes,
    queryFn: ({ signal }) => api.inboxes.list(signal),
    // A plugin may be switched off at any time, and nobody tells.
    staleTime: 15_000,
    enabled: allowed,
    refetchInterval: ({ state }) =>
      state.data?.items.some(lacksPlugin) === true ? pause : false,
  });
}

export function useInbox(id: string | undefined): Inbox | undefined {
  const { data } = useInboxes();
  return data?.items.find((inbox) => inbox.id === id);
}
