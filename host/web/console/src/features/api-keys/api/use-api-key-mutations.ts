import type { ApiKey, ApiKeyPatch, NewApiKey } from "@omnichat/api-client/types";
import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "~/lib/api.ts";
import { keys } from "~/queries/keys.ts";

/** Events may have brought a newer state already, which stays. */
function show(client: QueryClient, key: ApiKey): void {
  client.setQueryData<{ items: ApiKey[] }>(keys.apiKeys, (data) => {
    if (data === undefined) return data;
    const index = data.items.findIndex((other) => other.id === key.id);
    const held = data.items[index];
    if (held === undefined) return { ...data, items: [...data.items, key] };
    return held.version > key.version ? data : { ...data, items: data.items.with(index, key) };
  });
}

export function useCreateApiKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewApiKey) => api.apiKeys.create(body),
    onSuccess: (made) => show(client, made.key),
  });
}

export function useUpdateApiKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ key, patch }: { key: ApiKey; patch: Omit<ApiKeyPatch, "version"> }) =>
      api.apiKeys.update(key.id, { ...patch, version: key.version }),
    onSuccess: (saved) => show(client, saved),
    onError: () => client.invalidateQueries({ queryKey: keys.apiKeys }),
  });
}

export function useRotateApiKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, hours }: { id: string; hours: number }) => api.apiKeys.rotate(id, hours),
    onSuccess: (made) => show(client, made.key),
  });
}

export function useRevokeApiKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.apiKeys.revoke(id),
    onSettled: () => client.invalidateQueries({ queryKey: keys.apiKeys }),
  });
}
