/** The list of messages: kept in order of `position`, one per id, the newest version of each. */
import type { WidgetMessage } from "../wire.ts";

const inOrder = (a: WidgetMessage, b: WidgetMessage): number => a.position - b.position || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/**
 * Adds `incoming` to `held`. A message that is held already is replaced only by a higher version, so late and repeated
 * deliveries change nothing; then the same array is answered.
 */
export function mergeMessages(held: WidgetMessage[], incoming: WidgetMessage[]): WidgetMessage[] {
  const byId = new Map(held.map((message) => [message.id, message]));
  let changed = false;
  for (const message of incoming) {
    const known = byId.get(message.id);
    if (known && known.version >= message.version) continue;
    byId.set(message.id, message);
    changed = true;
  }
  return changed ? [...byId.values()].sort(inOrder) : held;
}

/**
 * Puts a fresh last page in place of what is held. What is newer than the page came while it was on its way and stays;
 * what is older than its first message is dropped, since edits to it may have been missed.
 */
export function replaceMessages(held: WidgetMessage[], fresh: WidgetMessage[]): WidgetMessage[] {
  const last = fresh.at(-1);
  const fetched = new Map(fresh.map((message) => [message.id, message]));
  const kept = held.filter((message) => fetched.has(message.id) || (last !== undefined && message.position > last.position));
  return mergeMessages(mergeMessages([], fresh), kept);
}

/** Client keys that the host has stored: what waits under these keys has arrived. */
export function storedKeys(messages: WidgetMessage[]): Set<string> {
  return new Set(messages.flatMap((message) => (message.client_key ? [message.client_key] : [])));
}
