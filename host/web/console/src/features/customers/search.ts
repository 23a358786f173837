/** The list of customers in the address bar. Unknown values are dropped. */
import type { Condition, CustomerQuery, CustomerSort } from "@omnichat/api-client/types";
import { asCondition } from "~/lib/condition.ts";

export interface CustomerSearch {
  q?: string;
  filter?: Condition;
  sort?: CustomerSort;
}

export const sorts: CustomerSort[] = ["seen", "created"];

/** The host refuses to search for less: no index finds it. */
export const shortest = 3;

export function parseCustomerSearch(search: Record<string, unknown>): CustomerSearch {
  // What looks like a number or a flag was read as one.
  const typed = search["q"];
  const q = typeof typed === "string" || typeof typed === "number" || typeof typed === "boolean" ? String(typed) : "";
  const filter = asCondition(search["filter"]);
  const sort = sorts.find((one) => one === search["sort"]);
  return {
    ...(q.trim() === "" ? {} : { q }),
    ...(filter === null || isEverything(filter) ? {} : { filter }),
    ...(sort === undefined || sort === "seen" ? {} : { sort }),
  };
}

/** What the host is asked. A text that is too short to search for narrows nothing yet. */
export function toQuery({ q, filter, sort }: CustomerSearch): CustomerQuery {
  const text = q?.trim() ?? "";
  return {
    ...([...text].length < shortest ? {} : { q: text }),
    ...(filter === undefined ? {} : { filter }),
    ...(sort === undefined ? {} : { sort }),
  };
}

/** How many conditions narrow the list. */
export function narrowings({ filter }: CustomerSearch): number {
  if (filter === undefined) return 0;
  return "all" in filter ? filter.all.length : 1;
}

export function isEverything(filter: Condition): boolean {
  return "all" in filter && filter.all.length === 0;
}
