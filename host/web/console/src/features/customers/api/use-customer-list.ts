import type { Customer, CustomerQuery, Page } from "@omnichat/api-client/types";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { api } from "~/lib/api.ts";
import { keys } from "~/queries/keys.ts";

const limit = 50;
/** So many short pages are fetched at once for a stretch of the list: further ones may go on to the end of everything. */
const mostShort = 5;

/** Customers, stretch by stretch. A stretch may come short, even empty, while there is more. */
export function useCustomerList(asked: CustomerQuery) {
  return useInfiniteQuery({
    queryKey: keys.customerList(asked),
    queryFn: ({ pageParam, signal }) => stretch(asked, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
    // Events keep the rows true, and tell neither who is new in a list nor who is gone from it.
    staleTime: 0,
  });
}

async function stretch(asked: CustomerQuery, from: string | null, signal: AbortSignal): Promise<Required<Page<Customer>>> {
  const found: Required<Page<Customer>> = { items: [], next: from, damaged: [] };
  for (let pages = 0; pages < mostShort && found.items.length < limit; pages += 1) {
    const page = await api.customers.list(asked, { cursor: found.next, limit }, signal);
    found.items.push(...page.items);
    found.damaged.push(...(page.damaged ?? []));
    found.next = page.next;
    if (page.next === null) break;
  }
  return found;
}
