/** Where a conversation belongs in a loaded list: pure, and by the same rules as the host's query. */
import type { Conversation, ConversationFilter, Page } from "@omnichat/api-client/types";
import type { PagesOf } from "./cache.ts";

export type ConversationPages = PagesOf<Page<Conversation>>;

export function matches(filter: ConversationFilter, c: Conversation, meId: string): boolean {
  if (filter.status !== undefined && !filter.status.includes(c.status)) return false;
  if (filter.inbox_id !== undefined && c.inbox_id !== filter.inbox_id) return false;
  if (filter.channel !== undefined && c.channel !== filter.channel) return false;
  if (filter.assignee === "me" && c.assignee_id !== meId) return false;
  if (filter.assignee === "none" && (c.assignee_id !== null || c.scenario !== null)) return false;
  if (
    filter.assignee !== undefined &&
    filter.assignee !== "me" &&
    filter.assignee !== "none" &&
    c.assignee_id !== filter.assignee
  ) {
    return false;
  }
  if (filter.participant === "me" && !c.participant_ids.includes(meId)) return false;
  if (filter.priority !== undefined && c.priority !== filter.priority) return false;
  if (filter.tag !== undefined && !c.tags.includes(filter.tag)) return false;
  if (filter.unread === true && c.unread_count === 0) return false;
  if (filter.unanswered === true && c.waiting_since === null) return false;
  return filter.customer_id === undefined || c.customer.id === filter.customer_id;
}

/** Negative when `a` stands above `b`. */
export function order(sort: ConversationFilter["sort"], a: Conversation, b: Conversation): number {
  if (sort === "waiting") {
    return compare(a.waiting_since ?? "~", b.waiting_since ?? "~") || compare(a.id, b.id);
  }
  const by = sort === "created" ? "created_at" : "last_activity_at";
  return compare(b[by], a[by]) || compare(b.id, a.id);
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
  filter: ConversationFilter,
  conversation: Conversation,
  meId: string,
  force = false,
): ConversationPages {
  const held = find(data, conversation.id);
  if (held !== undefined && held.version >= conversation.version && !force) return data;
  const fits = matches(filter, conversation, meId);
  if (held === undefined && !fits) return data;
  const pages = data.pages.map((page) =>
    held !== undefined && page.items.some((c) => c.id === conversation.id)
      ? { ...page, items: page.items.filter((c) => c.id !== conversation.id) }
      : page,
  );
  if (fits) insert(pages, filter, conversation);
  return { ...data, pages };
}

export function find(data: ConversationPages, id: string): Conversation | undefined {
  for (const page of data.pages) {
    const hit = page.items.find((c) => c.id === id);
    if (hit !== undefined) return hit;
  }
  return undefined;
}

function insert(pages: Page<Conversation>[], filter: ConversationFilter, conversation: Conversation): void {
  for (const [index, page] of pages.entries()) {
    const at = page.items.findIndex((other) => order(filter.sort, conversation, other) < 0);
    if (at >= 0) {
      pages[index] = { ...page, items: page.items.toSpliced(at, 0, conversation) };
      return;
    }
  }
  const last = pages.at(-1);
  // Below the last loaded row of a longer list: its page will bring it.
  if (last !== undefined && last.next === null) {
    pages[pages.length - 1] = { ...last, items: [...last.items, conversation] };
  }
}
