import { api } from "~/lib/api.ts";
import { useEntities, useEntityMutations } from "./entities.ts";
import { useCan } from "./me.ts";

const kind = { name: "phrase", calls: api.phrases };

/** Every quick phrase that one may use. */
export function usePhrases() {
  return useEntities(kind, useCan()("messages.send"));
}

export function usePhraseMutations() {
  return useEntityMutations(kind);
}
