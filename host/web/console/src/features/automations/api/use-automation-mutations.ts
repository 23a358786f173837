import type { Automation, AutomationPatch, Inbox, NewAutomation } from "@omnichat/api-client/types";
import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "~/lib/api.ts";
import { keys } from "~/queries/keys.ts";

interface List<T> {
  items: T[];
}

/** Events may have brought a newer state already, which stays. */
function show<T extends { id: string; version: number }>(client: QueryClient, key: readonly string[], item: T): void {
  client.setQueryData<List<T>>(key, (data) => {
    if (data === undefined) return data;
    const index = data.items.findIndex((other) => other.id === item.id);
    const held = data.items[index];
    if (held === undefined) return { ...data, items: [...data.items, item] };
    return held.version > item.version ? data : { ...data, items: data.items.with(index, item) };
  });
}

export function useCreateAutomation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewAutomation) => api.automations.create(body),
    onSuccess: (automation) => show<Automation>(client, keys.automations, automation),
  });
}

export function useUpdateAutomation({ id, version }: Automation) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (patch: Omit<AutomationPatch, "version">) => api.automations.update(id, { ...patch, version }),
    onSuccess: (saved) => show<Automation>(client, keys.automations, saved),
    onError: () => client.invalidateQueries({ queryKey: keys.automations }),
  });
}

export function useDeleteAutomation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.automations.remove(id),
    onSuccess: (_, id) =>
      client.setQueryData<List<Automation>>(keys.automations, (data) =>
        data === undefined ? data : { ...data, items: data.items.filter((a) => a.id !== id) },
      ),
  });
}

/** Has a bot answer first in an inbox; null for people. */
export function useAnswerFirst({ id, version }: Inbox) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (scenario: string | null) => api.inboxes.update(id, { scenario, version }),
    onSuccess: (saved) => show<Inbox>(client, keys.inboxes, saved),
    onError: () => client.invalidateQueries({ queryKey: keys.inboxes }),
  });
}
