/**
 * Events in, cache updates out. Pure: reads the given view, returns what to write, touches nothing.
 * The state after the events equals a fresh fetch; an object whose version is not above the one held
 * is ignored, so events may be repeated and may overtake answers.
 */
import type { DomainEvent } from "@omnichat/api-client/realtime";
import type {
  ApiKey,
  Automation,
  Conversation,
  ConversationQuery,
  Customer,
  Inbox,
  Me,
  Message,
  Operator,
  Page,
} from "@omnichat/api-client/types";
import type { Sight } from "~/lib/condition.ts";
import { keys } from "~/queries/keys.ts";
import type { CacheUpdate, CacheView, Key, PagesOf } from "./cache.ts";
import { type ConversationPages, find, place } from "./conversation-lists.ts";
import { insert, type MessagePages, replace } from "./message-pages.ts";

/** What every kind of entity has. */
interface Entity {
  id: string;
  version: number;
}

interface Items<T> {
  items: T[];
}

export function applyEvent(event: DomainEvent, cache: CacheView, sight: Sight): CacheUpdate[] {
  switch (event.type) {
    case "conversation_created":
    case "conversation_updated":
      return conversationChanged(event.conversation, cache, sight);
    case "message_created":
      return [
        ...conversationChanged(event.conversation, cache, sight),
        ...messagesChanged(event.message, cache, insert),
      ];
    case "message_updated":
      return [
        ...(event.conversation === null ? [] : conversationChanged(event.conversation, cache, sight)),
        ...messagesChanged(event.message, cache, replace),
      ];
    case "customer_updated":
      return customerChanged(event.customer, cache);
    case "operator_updated":
      return operatorChanged(event.operator, cache, sight);
    case "inbox_updated":
      return listItemChanged<Inbox>(keys.inboxes, event.inbox, cache);
    case "inbox_deleted":
      return listItemDeleted<Inbox>(keys.inboxes, event.inbox_id, cache);
    case "automation_updated":
      return listItemChanged<Automation>(keys.automations, event.automation, cache);
    case "automation_deleted":
      return listItemDeleted<Automation>(keys.automations, event.automation_id, cache);
    case "api_key_updated":
      return listItemChanged<ApiKey>(keys.apiKeys, event.key, cache);
    case "entity_changed":
      return listItemChanged(keys.entities(event.kind), event.entity as unknown as Entity, cache);
    case "entity_deleted":
      return entityDeleted(keys.entities(event.kind), event.id, cache);
    case "quarantine_added":
      return [{ kind: "refetch", key: keys.quarantineList }];
    default:
      return [];
  }
}

/**
 * Writes one conversation wherever it is shown. `force` is for optimistic changes, which carry the
 * version that is held already.
 */
export function conversationChanged(
  conversation: Conversation,
  cache: CacheView,
  sight: Sight,
  force = false,
): CacheUpdate[] {
  if (!force && newestHeld(conversation.id, cache) > conversation.version) return [];
  const updates: CacheUpdate[] = [];
  for (const { key, data } of cache.under(keys.conversationLists)) {
    const next = place(data as ConversationPages, key[2] as ConversationQuery, conversation, sight, force);
    if (next !== data) updates.push(set(key, next));
  }
  const detailKey = keys.conversation(conversation.id);
  if (newer(cache.get(detailKey) as Conversation | undefined, conversation, force)) {
    updates.push(set(detailKey, conversation));
  }
  const ofCustomer = keys.customerConversations(conversation.customer.id);
  const page = cache.get(ofCustomer) as Page<Conversation> | undefined;
  if (page !== undefined) {
    const index = page.items.findIndex((c) => c.id === conversation.id);
    if (index < 0) updates.push({ kind: "refetch", key: ofCustomer });
    else if (newer(page.items[index], conversation, force)) {
      updates.push(set(ofCustomer, { ...page, items: page.items.with(index, conversation) }));
    }
  }
  if (updates.length > 0 || cache.get(detailKey) === undefined) {
    updates.push({ kind: "refetch", key: keys.counts });
  }
  return updates;
}

/** A list that has let a conversation go must not take an older state of it back. */
function newestHeld(id: string, cache: CacheView): number {
  let newest = (cache.get(keys.conversation(id)) as Conversation | undefined)?.version ?? 0;
  for (const { data } of cache.under(keys.conversationLists)) {
    newest = Math.max(newest, find(data as ConversationPages, id)?.version ?? 0);
  }
  return newest;
}

function messagesChanged(
  message: Message,
  cache: CacheView,
  change: (data: MessagePages, message: Message) => MessagePages,
): CacheUpdate[] {
  const key = keys.messages(message.conversation_id);
  const data = cache.get(key) as MessagePages | undefined;
  if (data === undefined) return [];
  const next = change(data, message);
  return next === data ? [] : [set(key, next)];
}

function customerChanged(customer: Customer, cache: CacheView): CacheUpdate[] {
  const updates: CacheUpdate[] = [];
  const key = keys.customer(customer.id);
  const held = cache.get(key) as Customer | undefined;
  if (held !== undefined && newer(held, customer)) updates.push(set(key, customer));
  // In a list it is as it is now, in its place. Whether it still fits there the next fetch tells.
  for (const { key: list, data } of cache.under(keys.customerLists)) {
    const { pages, ...rest } = data as PagesOf<Page<Customer>>;
    const next = pages.map((page) => {
      const index = page.items.findIndex(({ id }) => id === customer.id);
      const isNewer = index >= 0 && newer(page.items[index], customer);
      return isNewer ? { ...page, items: page.items.with(index, customer) } : page;
    });
    if (next.some((page, n) => page !== pages[n])) updates.push(set(list, { ...rest, pages: next }));
  }
  return updates;
}

function operatorChanged(operator: Operator, cache: CacheView, sight: Sight): CacheUpdate[] {
  const updates = listItemChanged<Operator>(keys.operators, operator, cache);
  const me = cache.get(keys.me) as Me | undefined;
  if (operator.id === sight.me && me !== undefined && newer(me.operator, operator)) {
    updates.push(set(keys.me, { ...me, operator }));
    // Permissions follow from the role and are not part of the event.
    if (me.operator.role !== operator.role) updates.push({ kind: "refetch", key: keys.me });
  }
  return updates;
}

function listItemChanged<T extends { id: string; version: number }>(
  key: Key,
  item: T,
  cache: CacheView,
): CacheUpdate[] {
  const data = cache.get(key) as Items<T> | undefined;
  if (data === undefined) return [];
  const index = data.items.findIndex((other) => other.id === item.id);
  if (index < 0) return [set(key, { ...data, items: [...data.items, item] })];
  if (!newer(data.items[index], item)) return [];
  return [set(key, { ...data, items: data.items.with(index, item) })];
}

function listItemDeleted<T extends { id: string }>(key: Key, id: string, cache: CacheView): CacheUpdate[] {
  const data = cache.get(key) as Items<T> | undefined;
  if (data === undefined || !data.items.some((item) => item.id === id)) return [];
  return [set(key, { ...data, items: data.items.filter((item) => item.id !== id) })];
}

/** One that is damaged is among no items. */
function entityDeleted(key: Key, id: string, cache: CacheView): CacheUpdate[] {
  const data = cache.get(key) as (Items<Entity> & { damaged?: string[] }) | undefined;
  if (data?.damaged?.includes(id) !== true) return listItemDeleted(key, id, cache);
  return [set(key, { ...data, damaged: data.damaged.filter((other) => other !== id) })];
}

function newer(held: { version: number } | undefined, next: { version: number }, force = false): boolean {
  return force || held === undefined || next.version > held.version;
}

function set(key: Key, data: unknown): CacheUpdate {
  return { kind: "set", key, data };
}
