import type { Plugin } from "@omnichat/api-client/types";
import { useAutomations } from "~/queries/automations.ts";
import { useInboxes } from "~/queries/inboxes.ts";

/** Titles of everything that a plugin may be called for, by id. */
export type Names = ReadonlyMap<string, string>;

/** What is set up with a plugin. */
export interface Use {
  id: string;
  title: string;
}

/** What this organisation has set up with a plugin, and the names of everything that it is called for. */
export function useUses(plugin: Plugin): { uses: Use[]; names: Names; known: boolean } {
  const inboxes = useInboxes();
  const automations = useAutomations();
  const from = plugin.kind === "channel" ? inboxes : automations;
  const all = from.data?.items ?? [];
  return {
    uses: all.filter((use) => use.kind === plugin.id),
    names: new Map(all.map((use) => [use.id, use.title])),
    known: from.data !== undefined,
  };
}
