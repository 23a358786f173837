import type { Tag } from "@omnichat/api-client/types";
import { api } from "~/lib/api.ts";
import { byName } from "~/lib/tags.ts";
import { useEntities, useEntityMutations } from "./entities.ts";
import { useCan } from "./me.ts";

const kind = { name: "tag", calls: api.tags };

const none: Tag[] = [];

/** Every tag that is described. */
export function useTags() {
  const can = useCan();
  return useEntities(kind, can("conversations.read_own") || can("conversations.read_all"));
}

/** What is said of tags, by the texts that conversations carry. */
export function useTagsByName(): ReadonlyMap<string, Tag> {
  return byName(useTags().data?.items ?? none);
}

export function useTagMutations() {
  return useEntityMutations(kind);
}
