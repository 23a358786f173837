import type { Plugin } from "@omnichat/api-client/types";
import { useQuery } from "@tanstack/react-query";
import { api } from "~/lib/api.ts";
import { keys } from "./keys.ts";
import { useCan } from "./me.ts";

/** The plugins that are installed. Undefined while nobody knows, and for those who may not look. */
export function useInstalledPlugins(): Plugin[] | undefined {
  const allowed = useCan()("plugins.manage");
  const { data } = useQuery({
    queryKey: keys.pluginList,
    queryFn: ({ signal }) => api.plugins.list(signal),
    staleTime: 15_000,
    enabled: allowed,
  });
  return data?.items;
}

/** Why the plugin that brings a kind does not run. */
export interface Lack {
  /** Switched off, not installed, not approved of, or this operator may not know. */
  why: "off" | "missing" | "waiting" | "down";
  /** Of the plugin; its id where nobody knows more. */
  title: string;
}

/** Of a kind that is not there: what its plugin lacks. */
export function useLack(kind: string): Lack {
  const plugins = useInstalledPlugins();
  const plugin = plugins?.find(({ id }) => id === kind);
  if (plugins === undefined) return { why: "down", title: kind };
  if (plugin === undefined) return { why: "missing", title: kind };
  const why = plugin.state === "disabled" ? "off" : plugin.state === "waiting" ? "waiting" : "down";
  return { why, title: plugin.title };
}
