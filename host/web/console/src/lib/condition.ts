/** What can be asked of which field, and which conversations a condition is true of, by the same rules as the host's. */
import type {
  ChatKind,
  Condition,
  ConditionOp,
  ConditionTest,
  ConditionValue,
  Conversation,
  ConversationStatus,
  Priority,
} from "@omnichat/api-client/types";

export const statuses: ConversationStatus[] = ["new", "open", "pending", "snoozed", "resolved", "closed", "spam"];
export const priorities: Priority[] = ["urgent", "high", "normal", "low"];
export const chatKinds: ChatKind[] = ["private", "group", "thread", "channel"];

export type FieldType =
  | "status"
  | "priority"
  | "chat_kind"
  | "inbox"
  | "channel"
  | "operator"
  | "operators"
  | "customer"
  | "text"
  | "texts"
  | "flag"
  | "number"
  | "time";

const choice: ConditionOp[] = ["is", "is_not", "in", "not_in"];
const set: ConditionOp[] = ["has", "has_not", "exists"];
const opsOf: Record<FieldType, ConditionOp[]> = {
  status: choice,
  priority: choice,
  chat_kind: choice,
  inbox: choice,
  channel: choice,
  operator: [...choice, "exists"],
  operators: set,
  customer: choice,
  text: [...choice, "contains", "starts_with", "exists"],
  texts: set,
  flag: ["is"],
  number: ["is", "at_least", "at_most"],
  time: ["within", "older_than", "from", "before", "exists"],
};

const types = {
  status: "status",
  priority: "priority",
  assignee: "operator",
  participants: "operators",
  scenario: "flag",
  inbox: "inbox",
  channel: "channel",
  chat_kind: "chat_kind",
  tags: "texts",
  customer: "customer",
  customer_name: "text",
  subject: "text",
  unread: "flag",
  unread_count: "number",
  unanswered: "flag",
  waiting_since: "time",
  last_inbound_at: "time",
  last_activity_at: "time",
  created_at: "time",
  first_response_at: "time",
  resolved_at: "time",
  snoozed_until: "time",
  unreachable: "flag",
} as const satisfies Record<string, FieldType>;

const customerTypes = {
  name: "text",
  email: "text",
  phone: "text",
  note: "text",
  tags: "texts",
  blocked: "flag",
  created_at: "time",
  last_seen_at: "time",
} as const satisfies Record<string, FieldType>;

export type FieldName = keyof typeof types;
export type CustomerFieldName = keyof typeof customerTypes;
export const fieldNames = Object.keys(types) as FieldName[];

/** What conditions are about, and what can be asked of it. */
export interface Subject {
  kind: "conversation" | "customer";
  types: Readonly<Record<string, FieldType>>;
  /** Fields that it is never without. */
  always: readonly string[];
}

export const aboutConversations: Subject = {
  kind: "conversation",
  types,
  always: ["created_at", "last_activity_at", "customer_name"] satisfies FieldName[],
};

export const aboutCustomers: Subject = {
  kind: "customer",
  types: customerTypes,
  always: ["name", "created_at", "last_seen_at"] satisfies CustomerFieldName[],
};

/** What an attribute's name stands behind. */
export const attributePrefix = "attributes.";

export interface Field {
  type: FieldType;
  ops: ConditionOp[];
}

/** What can be asked of a field; null if there is no such field. */
export function fieldOf(about: Subject, name: string): Field | null {
  if (isAttribute(name)) return { type: "text", ops: opsOf.text };
  const type = Object.hasOwn(about.types, name) ? about.types[name] : undefined;
  if (type === undefined) return null;
  const ops = opsOf[type];
  return { type, ops: about.always.includes(name) ? ops.filter((op) => op !== "exists") : ops };
}

/** A condition as an address may have it; null for what is none. */
export function asCondition(value: unknown): Condition | null {
  return isCondition(value) ? value : null;
}

function isCondition(value: unknown): value is Condition {
  if (typeof value !== "object" || value === null) return false;
  if ("all" in value) return Array.isArray(value.all) && value.all.every(isCondition);
  if ("any" in value) return Array.isArray(value.any) && value.any.every(isCondition);
  if ("not" in value) return isCondition(value.not);
  return "field" in value && typeof value.field === "string" && "op" in value && typeof value.op === "string" && "value" in value;
}

function isAttribute(name: string): boolean {
  return name.startsWith(attributePrefix) && name !== attributePrefix;
}

function isField(name: string): name is FieldName {
  return Object.hasOwn(types, name);
}

/** Who looks, and when. */
export interface Sight {
  me: string;
  now: number;
}

export function holds(condition: Condition, conversation: Conversation, sight: Sight): boolean {
  if ("all" in condition) return condition.all.every((part) => holds(part, conversation, sight));
  if ("any" in condition) return condition.any.some((part) => holds(part, conversation, sight));
  if ("not" in condition) return !holds(condition.not, conversation, sight);
  return passes(condition, conversation, sight);
}

/** Whether time alone, without any event, may change what a condition is true of. */
export function isRelative(condition: Condition): boolean {
  if ("all" in condition) return condition.all.some(isRelative);
  if ("any" in condition) return condition.any.some(isRelative);
  if ("not" in condition) return isRelative(condition.not);
  return condition.op === "within" || condition.op === "older_than";
}

function passes({ field, op, value }: ConditionTest, conversation: Conversation, { me, now }: Sight): boolean {
  const known = fieldOf(aboutConversations, field);
  if (known === null || !known.ops.includes(op)) return false;
  const held = read(field, conversation);
  const wanted = known.type === "operator" || known.type === "operators" ? named(value, me) : value;
  switch (op) {
    case "is":
      return held !== null && held === wanted;
    case "is_not":
      return held === null || held !== wanted;
    case "in":
      return isIn(held, wanted);
    case "not_in":
      return !isIn(held, wanted);
    case "has":
      return isIn(wanted, held);
    case "has_not":
      return !isIn(wanted, held);
    case "exists":
      return (held !== null && !(Array.isArray(held) && held.length === 0)) === wanted;
    case "contains":
      return isText(held, wanted) && held.toLowerCase().includes(String(wanted).toLowerCase());
    case "starts_with":
      return isText(held, wanted) && held.toLowerCase().startsWith(String(wanted).toLowerCase());
    case "at_least":
      return typeof held === "number" && typeof wanted === "number" && held >= wanted;
    case "at_most":
      return typeof held === "number" && typeof wanted === "number" && held <= wanted;
    case "from":
      return isText(held, wanted) && Date.parse(held) >= Date.parse(String(wanted));
    case "before":
      return isText(held, wanted) && Date.parse(held) < Date.parse(String(wanted));
    case "within":
      return typeof held === "string" && typeof wanted === "number" && Date.parse(held) >= now - wanted * 1000;
    case "older_than":
      return typeof held === "string" && typeof wanted === "number" && Date.parse(held) < now - wanted * 1000;
  }
}

type Held = ConditionValue | null;

function isIn(one: unknown, many: unknown): boolean {
  return Array.isArray(many) && many.includes(one);
}

function isText(held: Held, wanted: unknown): held is string {
  return typeof held === "string" && typeof wanted === "string";
}

function named(value: ConditionValue, me: string): ConditionValue {
  if (Array.isArray(value)) return value.map((one) => (one === "me" ? me : one));
  return value === "me" ? me : value;
}

const readers: Record<FieldName, (c: Conversation) => Held> = {
  status: (c) => c.status,
  priority: (c) => c.priority,
  // A bot that answers is somebody, but no operator: no value is an empty text.
  assignee: (c) => c.assignee_id ?? (c.scenario === null ? null : ""),
  participants: (c) => c.participant_ids,
  scenario: (c) => c.scenario !== null,
  inbox: (c) => c.inbox_id,
  channel: (c) => c.channel,
  chat_kind: (c) => c.chat_kind,
  tags: (c) => c.tags,
  customer: (c) => c.customer.id,
  customer_name: (c) => c.customer.name,
  subject: (c) => c.subject,
  unread: (c) => c.unread_count > 0,
  unread_count: (c) => c.unread_count,
  unanswered: (c) => c.waiting_since !== null,
  waiting_since: (c) => c.waiting_since,
  last_inbound_at: (c) => c.last_inbound_at,
  last_activity_at: (c) => c.last_activity_at,
  created_at: (c) => c.created_at,
  first_response_at: (c) => c.first_response_at,
  resolved_at: (c) => c.resolved_at,
  snoozed_until: (c) => c.snoozed_until,
  unreachable: (c) => c.blocked,
};

function read(field: string, c: Conversation): Held {
  if (isField(field)) return readers[field](c);
  const name = field.slice(attributePrefix.length);
  return Object.hasOwn(c.attributes, name) ? (c.attributes[name] ?? null) : null;
}
