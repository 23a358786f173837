import { ApiError } from "@omnichat/api-client/error";
import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import { keys } from "~/queries/keys.ts";
import type { Plugin, PluginDetail } from "@omnichat/api-client/types";
import { api } from "~/lib/api.ts";

/** With a plugin the kinds of channels and automations change, and what those of its kind can do. */
const affected = [keys.channels, keys.inboxes, keys.allAutomations];

async function refresh(client: QueryClient): Promise<void> {
  await Promise.all([keys.plugins, ...affected].map((queryKey) => client.invalidateQueries({ queryKey })));
}

function show(client: QueryClient, plugin: Plugin): void {
  client.setQueryData<{ items: Plugin[] }>(keys.pluginList, (data) =>
    data === undefined ? data : { ...data, items: data.items.map((p) => (p.id === plugin.id ? plugin : p)) },
  );
  client.setQueryData<PluginDetail>(keys.plugin(plugin.id), (data) =>
    data === undefined ? data : { ...data, ...plugin },
  );
}

/** A change that answers with the plugin as it is then. */
function useChange<V>(change: (variables: V) => Promise<Plugin>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (plugin) => show(client, plugin),
    onSettled: () => void refresh(client),
  });
}

interface Upload {
  wasm: File;
  signature: File | null;
  /** It may be older than what runs. */
  older: boolean;
}

export function useInstallPlugin() {
  return useChange(async ({ wasm, signature, older }: Upload) =>
    api.plugins.install(wasm, { signature: signature === null ? null : await signature.text(), older }),
  );
}

/** A decision is about the file that was looked at: one that has taken its place meanwhile is a conflict. */
interface Decision {
  id: string;
  digest: string;
}

export function useApprovePlugin() {
  return useChange(({ id, digest }: Decision) => api.plugins.approve(id, { digest }));
}

export function useDeclinePlugin() {
  return useChange(({ id, digest }: Decision) => api.plugins.decline(id, { digest }));
}

/** Whether a decision came too late: its file was replaced. */
export function isReplaced(error: unknown): boolean {
  return error instanceof ApiError && error.status === 409;
}

/** Asks anew what a plugin is. */
export function useFreshPlugin(): (id: string) => Promise<PluginDetail> {
  const client = useQueryClient();
  return (id) => client.fetchQuery({ queryKey: keys.plugin(id), queryFn: ({ signal }) => api.plugins.get(id, signal), staleTime: 0 });
}

export function useSwitchPlugin(id: string) {
  return useChange((on: boolean) => (on ? api.plugins.enable(id) : api.plugins.disable(id)));
}

export function useRollBackPlugin(id: string) {
  return useChange((_: void) => api.plugins.rollBack(id));
}

export function useRemovePlugin() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.plugins.remove(id),
    onSuccess: (_, id) => {
      client.setQueryData<{ items: Plugin[] }>(keys.pluginList, (data) =>
        data === undefined ? data : { ...data, items: data.items.filter((p) => p.id !== id) },
      );
      // Its own page is about to be left and must not ask for what is gone.
      for (const queryKey of [keys.pluginList, ...affected]) void client.invalidateQueries({ queryKey });
    },
  });
}
