/**
 * Turns messages into what a conversation shows: days, groups of one speaker, albums, folded system
 * entries, and where the unread part begins. Pure; the day boundary is that of the viewer's zone.
 */
import type { Attachment, Author, Message } from "@omnichat/api-client/types";
import type { OutboxEntry } from "./outbox.ts";

export interface Item {
  /** The message, or the first of an album. */
  message: Message;
  attachments: Attachment[];
  /** All messages of an album, one otherwise. */
  members: Message[];
  /** Set while the host has not acknowledged it. */
  pending: OutboxEntry | null;
}

export type Side = "in" | "out" | "bot" | "note";

export type Block =
  | { type: "group"; key: string; side: Side; author: Author; items: Item[] }
  | { type: "system"; key: string; messages: Message[] }
  | { type: "unread"; key: string };

export interface Day {
  key: string;
  at: string;
  blocks: Block[];
}

const groupMs = 3 * 60_000;

export function buildTimeline(
  messages: Message[],
  pending: OutboxEntry[],
  me: { id: string; name: string },
  unreadFrom: string | null,
): Day[] {
  const days: Day[] = [];
  const known = new Set(messages.map((m) => m.client_key));
  const items: Item[] = [
    ...messages.map((message) => single(message, null)),
    ...pending
      .filter((entry) => !known.has(entry.body.client_key))
      .map((entry) => single(asMessage(entry, me), entry)),
  ];
  for (const item of items) {
    const day = dayOf(days, item.message);
    if (item.message.id === unreadFrom) day.blocks.push({ type: "unread", key: "unread" });
    if (item.message.direction === "system") addSystem(day, item.message);
    else addToGroup(day, item);
  }
  return days;
}

function single(message: Message, pending: OutboxEntry | null): Item {
  return { message, attachments: message.attachments, members: [message], pending };
}

function dayOf(days: Day[], message: Message): Day {
  const key = new Date(message.created_at).toDateString();
  const last = days.at(-1);
  if (last !== undefined && last.key === key) return last;
  const day: Day = { key, at: message.created_at, blocks: [] };
  days.push(day);
  return day;
}

function addSystem(day: Day, message: Message): void {
  const last = day.blocks.at(-1);
  if (last?.type === "system") last.messages.push(message);
  else day.blocks.push({ type: "system", key: message.id, messages: [message] });
}

function addToGroup(day: Day, item: Item): void {
  const { message } = item;
  const side = sideOf(message);
  const last = day.blocks.at(-1);
  if (last?.type !== "group" || last.side !== side || !sameSpeaker(last.author, message.author)) {
    day.blocks.push({ type: "group", key: keyOf(message), side, author: message.author, items: [item] });
    return;
  }
  const previous = last.items.at(-1);
  if (previous === undefined) return;
  if (joinsAlbum(previous, message)) {
    previous.members.push(message);
    previous.attachments = [...previous.attachments, ...message.attachments];
    if (previous.message.text === "" && message.text !== "") {
      previous.message = { ...previous.message, text: message.text, spans: message.spans };
    }
    return;
  }
  const tail = previous.members.at(-1) ?? previous.message;
  const gap = new Date(message.created_at).getTime() - new Date(tail.created_at).getTime();
  if (gap <= groupMs) last.items.push(item);
  else day.blocks.push({ type: "group", key: keyOf(message), side, author: message.author, items: [item] });
}

/** The same before and after the host has acknowledged a message, so that it is not drawn anew. */
/** The message of an item (which may be an album) to which a file belongs. */
export function ownerOf(item: Item, attachmentId: string): Message | undefined {
  return item.members.find((m) => m.attachments.some((a) => a.id === attachmentId));
}

export function keyOf(message: Message): string {
  return message.client_key ?? message.id;
}

function joinsAlbum(previous: Item, message: Message): boolean {
  return (
    message.group !== null &&
    previous.message.group === message.group &&
    message.deleted_at === null &&
    previous.message.deleted_at === null
  );
}

function sideOf(message: Message): Side {
  if (message.direction === "note") return "note";
  if (message.direction === "in") return "in";
  return message.author.kind === "bot" || message.author.kind === "service" ? "bot" : "out";
}

function sameSpeaker(a: Author, b: Author): boolean {
  return a.kind === b.kind && a.id === b.id && (a.id !== null || a.name === b.name);
}

function asMessage(entry: OutboxEntry, me: { id: string; name: string }): Message {
  const { body } = entry;
  return {
    id: `local:${body.client_key}`,
    conversation_id: entry.conversationId,
    direction: body.kind === "note" ? "note" : "out",
    author: { kind: "operator", id: me.id, contact_id: null, name: me.name },
    text: body.text ?? "",
    spans: body.spans ?? [],
    attachments: entry.files.map((file) => ({
      id: file.id,
      kind: file.kind,
      name: file.name,
      content_type: file.content_type,
      size: file.size,
      width: file.width,
      height: file.height,
      duration_ms: file.duration_ms,
      state: "ready",
      error: null,
      can_fetch_again: false,
      file_id: file.id,
      url: file.url,
    })),
    buttons: body.buttons ?? [],
    part: null,
    reply_to:
      entry.replyPreview === null ? null : { id: body.reply_to ?? null, ...entry.replyPreview },
    state: entry.phase === "refused" ? "failed" : "queued",
    failure: null,
    client_key: body.client_key,
    reactions: [],
    position: Number.MAX_SAFE_INTEGER,
    created_at: entry.createdAt,
    edited_at: null,
    deleted_at: null,
    revisions: 0,
    forwarded_from: null,
    group: null,
    version: 0,
  };
}
