import type { Inbox, InboxPatch, NewInbox } from "@omnichat/api-client/types";
import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "~/lib/api.ts";
import { keys } from "~/queries/keys.ts";

interface InboxList {
  items: Inbox[];
}

function show(client: QueryClient, inbox: Inbox): void {
  client.setQueryData<InboxList>(keys.inboxes, (data) => {
    if (data === undefined) return data;
    const index = data.items.findIndex((i) => i.id === inbox.id);
    if (index < 0) return { ...data, items: [...data.items, inbox] };
    const held = data.items[index];
    return held !== undefined && held.version > inbox.version
      ? data
      : { ...data, items: data.items.with(index, inbox) };
  });
}

export function useCreateInbox() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewInbox) => api.inboxes.create(body),
    onSuccess: (inbox) => {
      show(client, inbox);
      // So that it does not read "not checked" until somebody asks. What the platform says comes with the inbox.
      void api.inboxes
        .test(inbox.id)
        .catch(() => undefined)
        .finally(() => void client.invalidateQueries({ queryKey: keys.inboxes }));
    },
  });
}

export function useUpdateInbox(inbox: Inbox) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (patch: Omit<InboxPatch, "version">) =>
      api.inboxes.update(inbox.id, { ...patch, version: inbox.version }),
    onSuccess: (saved) => show(client, saved),
    onError: () => client.invalidateQueries({ queryKey: keys.inboxes }),
  });
}

export function useSignOutVisitors() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.inboxes.signOutVisitors(id),
    onSuccess: (saved) => show(client, saved),
  });
}

export function useDeleteInbox() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.inboxes.remove(id),
    onSuccess: (_, id) =>
      client.setQueryData<InboxList>(keys.inboxes, (data) =>
        data === undefined ? data : { ...data, items: data.items.filter((i) => i.id !== id) },
      ),
  });
}

export function useTestInbox(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.inboxes.test(id),
    onSettled: () => client.invalidateQueries({ queryKey: keys.inboxes }),
  });
}

/** Registers the webhook with the platform, or removes it. */
export function useWebhook(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (on: boolean) => {
      if (on) return api.inboxes.registerWebhook(id);
      await api.inboxes.removeWebhook(id);
      return api.inboxes.get(id);
    },
    onSuccess: (inbox) => show(client, inbox),
  });
}
