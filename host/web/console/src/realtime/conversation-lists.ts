/** Where a conversation belongs in a loaded list: pure, and by the same rules as the host's query. */
import type { Conversation, ConversationQuery, ConversationSort, Page } from "@omnichat/api-client/types";
import { holds, type Sight } from "~/lib/condition.ts";
import type { PagesOf } from "./cache.ts";

/** A part of a list. One that came short ends further down than its last row: the host looked through more than it found. */
export interface ListPage extends Page<Conversation> {
  short?: boolean;
}

export type ConversationPages = PagesOf<ListPage>;

/** Whether it is in such a list. */
function belongs({ filter, sort }: ConversationQuery, conversation: Conversation, sight: Sight): boolean {
  if (sort === "waiting" && conversation.waiting_since === null) return false;
  return filter === undefined || holds(filter, conversation, sight);
}

/** Negative when `a` stands above `b`. */
export function order(sort: ConversationSort | undefined, a: Conversation, b: Conversation): number {
  if (sort === "waiting") {
    return compare(digits(a.waiting_since ?? "~"), digits(b.waiting_since ?? "~")) || compare(a.id, b.id);
  }
  const by = sort === "created" ? "created_at" : "last_activity_at";
  return compare(digits(b[by]), digits(a[by])) || compare(b.id, a.id);
}

/** Times have as many decimals as they need: the Z behind them would sort after a further one. */
function digits(time: string): string {
  return time.replace("Z", "");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Puts the conversation where it belongs, takes it out when it no longer matches, and leaves the data
 * untouched (the same object) when a newer state is already held.
 */
export function place(
  data: ConversationPages,
  query: ConversationQuery,
  conversation: Conversation,
  sight: Sight,
  force = false,
): ConversationPages {
  const held = find(data, conversation.id);
  if (held !== undefined && held.version >= conversation.version && !force) return data;
  const fits = belongs(query, conversation, sight);
  if (held === undefined && !fits) return data;
  const pages = data.pages.map((page) =>
    held !== undefined && page.items.some((c) => c.id === conversation.id)
      ? { ...page, items: page.items.filter((c) => c.id !== conversation.id) }
      : page,
  );
  if (fits) insert(pages, query.sort, conversation);
  return { ...data, pages };
}

export function find(data: ConversationPages, id: string): Conversation | undefined {
  for (const page of data.pages) {
    const hit = page.items.find((c) => c.id === id);
    if (hit !== undefined) return hit;
  }
  return undefined;
}

function insert(pages: ListPage[], sort: ConversationSort | undefined, conversation: Conversation): void {
  for (const [index, page] of pages.entries()) {
    const at = page.items.findIndex((other) => order(sort, conversation, other) < 0);
    if (at >= 0) {
      pages[index] = { ...page, items: page.items.toSpliced(at, 0, conversation) };
      return;
    }
  }
  const last = pages.at(-1);
  // Below the last loaded row of a longer list its page will bring it, unless what has been looked through reaches below it.
  if (last !== undefined && (last.next === null || last.short === true)) {
    pages[pages.length - 1] = { ...last, items: [...last.items, conversation] };
  }
}
