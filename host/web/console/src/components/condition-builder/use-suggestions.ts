import { sorted } from "~/lib/tags.ts";
import { useTags } from "~/queries/tags.ts";

/** What is offered while a value is typed; null for fields of which nothing is known beforehand. Any other text will do as well. */
export function useSuggestions(field: string): string[] | null {
  const tags = useTags().data?.items;
  return field === "tags" ? sorted(tags ?? []).map(({ name }) => name) : null;
}
