import { api } from "~/lib/api.ts";
import { useEntities, useEntityMutations } from "./entities.ts";
import { useCan } from "./me.ts";

const kind = { name: "view", calls: api.views };

/** Every saved view that one may look at. */
export function useViews() {
  const can = useCan();
  return useEntities(kind, can("conversations.read_own") || can("conversations.read_all"));
}

export function useViewMutations() {
  return useEntityMutations(kind);
}
