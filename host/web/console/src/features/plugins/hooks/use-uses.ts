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

/** The names of all inboxes and automations of this organisation. */
export function useNames(): Names {
  const inboxes = useInboxes().data?.items ?? [];
  const automations = useAutomations().data?.items ?? [];
  return new Map([...inboxes, ...automations].map((use) => [use.id, use.title]));
}

/** What this organisation has set up with a plugin. */
export function useUses(plugin: Plugin): { uses: Use[]; known: boolean } {
  const inboxes = useInboxes();
  const automations = useAutomations();
  const from = plugin.kind === "channel" ? inboxes : automations;
  return {
    uses: (from.data?.items ?? []).filter((use) => use.kind === plugin.id),
    known: from.data !== undefined,
  };
}
