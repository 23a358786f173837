import { useQuery } from "@tanstack/react-query";
import { api } from "~/lib/api.ts";
import { keys } from "~/queries/keys.ts";

/** The kinds of channel that this host has. Plugins bring more while it runs. */
export function useChannels() {
  return useQuery({
    queryKey: keys.channels,
    queryFn: ({ signal }) => api.channels.list(signal),
  });
}
