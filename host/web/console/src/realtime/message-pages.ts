/** Where a message belongs in the loaded pages of a conversation: pages[0] is the newest, items ascend. */
import type { Message, MessagePage } from "@omnichat/api-client/types";
import type { PagesOf } from "./cache.ts";

export type MessagePages = PagesOf<MessagePage>;

/** Replaces a held message by a newer version of itself; the same object comes back when nothing changes. */
export function replace(data: MessagePages, message: Message): MessagePages {
  for (const [pageIndex, page] of data.pages.entries()) {
    const index = page.items.findIndex((m) => m.id === message.id);
    const held = page.items[index];
    if (held === undefined) continue;
    if (held.version >= message.version) return data;
    const items = page.items.with(index, message);
    if (held.position !== message.position) items.sort((a, b) => a.position - b.position);
    return { ...data, pages: data.pages.with(pageIndex, { ...page, items }) };
  }
  return data;
}

export function holds(data: MessagePages, id: string): boolean {
  return data.pages.some((page) => page.items.some((m) => m.id === id));
}

/** Inserts by position, or replaces when it is held already. */
export function insert(data: MessagePages, message: Message): MessagePages {
  if (holds(data, message.id)) return replace(data, message);
  for (const [pageIndex, page] of data.pages.entries()) {
    const oldest = page.items[0];
    const isLast = pageIndex === data.pages.length - 1;
    if (oldest !== undefined && message.position < oldest.position && !isLast) continue;
    // Older than all that is loaded while the host has more: scrolling up will bring it.
    if (oldest !== undefined && message.position < oldest.position && page.older !== null) return data;
    const at = page.items.findIndex((m) => m.position > message.position);
    const items = at < 0 ? [...page.items, message] : page.items.toSpliced(at, 0, message);
    return { ...data, pages: data.pages.with(pageIndex, { ...page, items }) };
  }
  return data;
}
