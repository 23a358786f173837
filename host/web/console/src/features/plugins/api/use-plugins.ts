import { ApiError } from "@omnichat/api-client/error";
import { useQuery } from "@tanstack/react-query";
import { keys } from "~/queries/keys.ts";
import { api } from "~/lib/api.ts";

/** Nobody tells the console how a plugin is doing, so it asks while the page is visible; milliseconds. */
const pause = 4000;

/** Who may not look, and what is not there, is not asked for again and again. */
function interval({ state }: { state: { error: unknown } }): number | false {
  const { error } = state;
  return error instanceof ApiError && (error.status === 403 || error.status === 404) ? false : pause;
}

export function usePlugins() {
  return useQuery({
    queryKey: keys.pluginList,
    queryFn: ({ signal }) => api.plugins.list(signal),
    refetchInterval: interval,
    staleTime: pause,
  });
}

export function usePlugin(id: string) {
  return useQuery({
    queryKey: keys.plugin(id),
    queryFn: ({ signal }) => api.plugins.get(id, signal),
    refetchInterval: interval,
    staleTime: pause,
  });
}
