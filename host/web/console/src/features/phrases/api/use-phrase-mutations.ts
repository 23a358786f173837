import type { NewPhrase, Phrase, PhrasePatch } from "@omnichat/api-client/types";
import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "~/lib/api.ts";
import { keys } from "~/queries/keys.ts";

const key = keys.entities("phrase");

/** Events may have brought a newer state already, which stays; what they took away comes back only if it is new. */
function show(client: QueryClient, phrase: Phrase): void {
  client.setQueryData<{ items: Phrase[] }>(key, (data) => {
    if (data === undefined) return data;
    const index = data.items.findIndex((other) => other.id === phrase.id);
    const held = data.items[index];
    if (held === undefined) return phrase.version === 1 ? { items: [...data.items, phrase] } : data;
    return held.version > phrase.version ? data : { items: data.items.with(index, phrase) };
  });
}

export function useCreatePhrase() {
  const client = useQueryClient();
  return useMutation({ mutationFn: (body: NewPhrase) => api.phrases.create(body), onSuccess: (made) => show(client, made) });
}

export function useUpdatePhrase() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ phrase, patch }: { phrase: Phrase; patch: Omit<PhrasePatch, "version"> }) =>
      api.phrases.update(phrase.id, { ...patch, version: phrase.version }),
    onSuccess: (saved) => show(client, saved),
    // Somebody else may have changed it: what is there now is shown.
    onError: () => client.invalidateQueries({ queryKey: key }),
  });
}

export function useDeletePhrase() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.phrases.remove(id),
    onSuccess: (_, id) =>
      client.setQueryData<{ items: Phrase[] }>(key, (data) =>
        data === undefined ? data : { items: data.items.filter((phrase) => phrase.id !== id) },
      ),
    onError: () => client.invalidateQueries({ queryKey: key }),
  });
}
