/** Orders what the timeline shows: days, groups of bubbles by one speaker, single lines of the system, and what is still to be sent. */
import type { Pending } from "../chat/state.ts";
import { storedKeys } from "../chat/messages.ts";
import type { WidgetMessage } from "../wire.ts";

export interface Item {
  /** Stays the same when a message that was to be sent becomes a stored one, so that its bubble does not blink. */
  key: string;
  message: WidgetMessage | null;
  pending: Pending | null;
}

export type Row =
  | { type: "line"; key: string; message: WidgetMessage }
  | { type: "group"; key: string; from: "visitor" | "operator" | "bot"; author: string | null; items: Item[] };

export interface Day {
  key: string;
  at: string;
  rows: Row[];
}

/** A speaker's bubbles stay together while no more than this lies between them. Milliseconds. */
const GROUP_GAP = 3 * 60_000;

interface Entry extends Item {
  at: string;
  from: WidgetMessage["from"];
  author: string | null;
}

const localDay = (at: string): string => new Date(at).toDateString();

export function arrange(messages: WidgetMessage[], pending: Pending[]): Day[] {
  const stored = storedKeys(messages);
  const entries: Entry[] = [
    ...messages.map((message) => ({
      key: message.client_key ?? message.id,
      message,
      pending: null,
      at: message.created_at,
      from: message.from,
      author: message.author_name,
    })),
    ...pending
      .filter((entry) => !stored.has(entry.client_key))
      .map((entry) => ({
        key: entry.client_key,
        message: null,
        pending: entry,
        at: entry.created_at,
        from: "visitor" as const,
        author: null,
      })),
  ];
  const days: Day[] = [];
  let previous: Entry | null = null;
  for (const entry of entries) {
    let day = days.at(-1);
    if (!day || localDay(day.at) !== localDay(entry.at)) {
      day = { key: `day:${entry.key}`, at: entry.at, rows: [] };
      days.push(day);
      previous = null;
    }
    const { key, message, at, from, author } = entry;
    const last = day.rows.at(-1);
    if (from === "system") {
      if (message) day.rows.push({ type: "line", key, message });
    } else if (
      last?.type === "group" &&
      previous &&
      last.from === from &&
      last.author === author &&
      Date.parse(at) - Date.parse(previous.at) < GROUP_GAP
    ) {
      last.items.push(entry);
    } else {
      day.rows.push({ type: "group", key: `group:${key}`, from, author, items: [entry] });
    }
    previous = entry;
  }
  return days;
}

/** The item that carries the delivery mark: the visitor's last stored message, unless somebody answered after it. */
export function markedKey(messages: WidgetMessage[]): string | null {
  for (let index = messages.length - 1; index >= 0; index--) {
    const message = messages[index];
    if (!message || message.from === "system") continue;
    return message.from === "visitor" && !message.deleted_at ? (message.client_key ?? message.id) : null;
  }
  return null;
}
