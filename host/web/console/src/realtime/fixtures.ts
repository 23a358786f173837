/** Objects for the tests of this folder. */
import type { Automation, Conversation, Customer, Message, Operator } from "@omnichat/api-client/types";

export function conversation(over: Partial<Conversation> = {}): Conversation {
  return {
    id: "conv_1",
    inbox_id: "inb_1",
    channel: "widget",
    customer: { id: "cus_1", name: "Visitor", avatar_url: null },
    chat_kind: "private",
    status: "open",
    priority: "normal",
    assignee_id: "op_me",
    participant_ids: [],
    scenario: null,
    tags: [],
    subject: null,
    context: null,
    attributes: {},
    unread_count: 0,
    waiting_since: null,
    last_message: null,
    routing: null,
    blocked: false,
    created_at: "2026-01-01T10:00:00Z",
    last_activity_at: "2026-01-01T10:00:00Z",
    last_inbound_at: null,
    first_response_at: null,
    resolved_at: null,
    snoozed_until: null,
    version: 1,
    ...over,
  };
}

export function message(over: Partial<Message> = {}): Message {
  return {
    id: "msg_1",
    conversation_id: "conv_1",
    direction: "in",
    author: { kind: "customer", id: "cus_1", contact_id: null, name: "Visitor" },
    text: "Hello",
    spans: [],
    attachments: [],
    buttons: [],
    part: null,
    reply_to: null,
    state: null,
    failure: null,
    client_key: null,
    reactions: [],
    position: 1_000,
    created_at: "2026-01-01T10:00:00Z",
    edited_at: null,
    deleted_at: null,
    revisions: 0,
    forwarded_from: null,
    group: null,
    version: 1,
    ...over,
  };
}

export function operator(over: Partial<Operator> = {}): Operator {
  return {
    id: "op_me",
    name: "Operator",
    email: "operator@example.org",
    role: "operator",
    status: "online",
    status_since: "2026-01-01T09:00:00Z",
    capacity: 5,
    load: 1,
    locale: null,
    avatar_url: null,
    disabled: false,
    invited: false,
    created_at: "2026-01-01T08:00:00Z",
    version: 1,
    ...over,
  };
}

export function automation(over: Partial<Automation> = {}): Automation {
  return {
    id: "auto_1",
    kind: "order-bot",
    role: "scenario",
    title: "Order bot",
    enabled: true,
    config: {},
    tools: [],
    created_at: "2026-01-01T08:00:00Z",
    version: 1,
    ...over,
  };
}

export function customer(over: Partial<Customer> = {}): Customer {
  return {
    id: "cus_1",
    name: "Visitor",
    email: null,
    phone: null,
    locale: null,
    avatar_url: null,
    note: "",
    tags: [],
    attributes: {},
    blocked: false,
    contacts: [],
    chats: [],
    created_at: "2026-01-01T10:00:00Z",
    last_seen_at: "2026-01-01T10:00:00Z",
    version: 1,
    ...over,
  };
}
