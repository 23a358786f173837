import type { Phrase } from "@omnichat/api-client/types";
import { useQuery } from "@tanstack/react-query";
import { api } from "~/lib/api.ts";
import { keys } from "./keys.ts";
import { useCan } from "./me.ts";

/** Every quick phrase that one may use. Events keep them up to date. */
export function usePhrases() {
  const allowed = useCan()("messages.send");
  return useQuery({
    queryKey: keys.entities("phrase"),
    queryFn: async ({ signal }) => {
      const items: Phrase[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof api.phrases.list>> = await api.phrases.list({ limit: 100, cursor }, signal);
        items.push(...page.items);
        cursor = page.next;
      } while (cursor !== null);
      // One that was renamed while it was read may have come twice.
      return { items: [...new Map(items.map((phrase) => [phrase.id, phrase])).values()] };
    },
    enabled: allowed,
  });
}
