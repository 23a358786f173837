import type { Conversation } from "@omnichat/api-client/types";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "~/lib/api.ts";
import { type ConversationPages, find } from "~/realtime/conversation-lists.ts";
import { keys } from "./keys.ts";

/** A conversation; what a list knows of it is shown until it has come. */
export function useConversation(id: string) {
  const client = useQueryClient();
  return useQuery<Conversation>({
    queryKey: keys.conversation(id),
    queryFn: ({ signal }) => api.conversations.get(id, signal),
    staleTime: 30_000,
    placeholderData: () => {
      const lists = client.getQueriesData<ConversationPages>({ queryKey: keys.conversationLists });
      return lists.map(([, data]) => (data === undefined ? undefined : find(data, id))).find((c) => c !== undefined);
    },
  });
}
