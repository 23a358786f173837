/**
 * The shapes that cross the wire between the host and the console.
 * Ids are opaque strings, times are RFC 3339 UTC strings, sizes are bytes.
 * Nothing but types lives here, so that the file can be generated.
 */

export type Role = "operator" | "senior" | "admin" | "owner";
export type OperatorStatus = "online" | "break" | "offline";
export type Locale = "ru" | "en";

export interface Operator {
  id: string;
  name: string;
  email: string;
  role: Role;
  status: OperatorStatus;
  status_since: string;
  /** How many open conversations this operator takes at once. */
  capacity: number;
  /** How many open conversations are assigned now. */
  load: number;
  locale: Locale | null;
  avatar_url: string | null;
  disabled: boolean;
  /** True until the invitation has been accepted. */
  invited: boolean;
  created_at: string;
  version: number;
}

export type Permission =
  | "conversations.read_all"
  | "conversations.read_own"
  | "conversations.take"
  | "conversations.assign"
  | "conversations.manage"
  | "messages.send"
  | "messages.note"
  | "messages.edit_own"
  | "messages.delete_own"
  | "messages.delete_any"
  | "customers.read"
  | "customers.write"
  | "inboxes.read"
  | "inboxes.manage"
  | "operators.read"
  | "operators.manage"
  | "quarantine.manage"
  | "audit.read"
  | "files.upload";

export interface Me {
  operator: Operator;
  tenant: { id: string; name: string };
  permissions: string[];
}

export interface Session {
  access_token: string;
  /** Life of the access token in seconds. */
  expires_in: number;
  me: Me;
  /** Only with transport "body". */
  refresh_token?: string;
}

export type AttachmentKind =
  | "image"
  | "video"
  | "audio"
  | "voice"
  | "document"
  | "animation"
  | "sticker"
  | "video_note";

export interface Capabilities {
  /** Longest text in UTF-16 units. */
  text_max: number;
  caption_max: number;
  rich_text: boolean;
  media: { kind: AttachmentKind; max_bytes: number }[];
  attachments_max: number;
  buttons: { max_rows: number; max_per_row: number; data_max_bytes: number } | null;
  location: boolean;
  contact: boolean;
  reply: boolean;
  edit: boolean;
  delete: boolean;
  typing_out: boolean;
  typing_in: boolean;
  read_marks: boolean;
  delivery_receipts: boolean;
  /** Hours after the customer's last message in which an answer is allowed. */
  window_hours: number | null;
  idempotent_send: boolean;
  polling: boolean;
  webhook: boolean;
  /** The webhook can be registered with the platform from here. */
  webhook_registration: boolean;
  /** The customer can be played from the console. */
  simulate: boolean;
}

export interface ChannelKind {
  kind: string;
  title: string;
  summary: string;
  config_schema: Record<string, unknown>;
  capabilities: Capabilities;
  /** Markdown for the administrator. */
  docs: string;
}

export type RoutingStrategy = "round_robin" | "least_loaded" | "manual";

export interface Inbox {
  id: string;
  kind: string;
  title: string;
  enabled: boolean;
  /** Secrets read back as `{ "set": true }`. */
  config: Record<string, unknown>;
  capabilities: Capabilities;
  routing: RoutingStrategy;
  proxy_url: string | null;
  health: { state: "unknown" | "ok" | "failed"; message: string | null; checked_at: string | null };
  webhook_url: string | null;
  created_at: string;
  version: number;
}

export type ConversationStatus =
  | "new"
  | "open"
  | "pending"
  | "snoozed"
  | "resolved"
  | "closed"
  | "spam";
export type Priority = "low" | "normal" | "high" | "urgent";
export type AuthorKind = "customer" | "operator" | "bot" | "system";

export interface Author {
  kind: AuthorKind;
  id: string | null;
  name: string;
}

export type DeliveryState =
  | "queued"
  | "sending"
  | "sent"
  | "delivered"
  | "read"
  | "failed"
  | "uncertain";

export interface LastMessage {
  id: string;
  author: AuthorKind;
  author_name: string;
  preview: string;
  kind:
    | "text"
    | AttachmentKind
    | "location"
    | "contact"
    | "button"
    | "unsupported"
    | "note"
    | "deleted";
  at: string;
  state: DeliveryState | null;
}

export interface Conversation {
  id: string;
  inbox_id: string;
  channel: string;
  customer: { id: string; name: string; avatar_url: string | null };
  status: ConversationStatus;
  priority: Priority;
  assignee_id: string | null;
  participant_ids: string[];
  tags: string[];
  subject: string | null;
  unread_count: number;
  /** Set while the customer waits for an answer. */
  waiting_since: string | null;
  last_message: LastMessage | null;
  routing: { strategy: string; reason: string; at: string } | null;
  /** The customer has blocked the bot. */
  blocked: boolean;
  created_at: string;
  last_activity_at: string;
  /** When the customer last wrote; reply windows count from it. */
  last_inbound_at: string | null;
  first_response_at: string | null;
  resolved_at: string | null;
  snoozed_until: string | null;
  version: number;
}

export type Direction = "in" | "out" | "note" | "system";

export interface Attachment {
  id: string;
  kind: AttachmentKind;
  name: string;
  content_type: string;
  size: number | null;
  width: number | null;
  height: number | null;
  duration_ms: number | null;
  state: "pending" | "ready" | "failed";
  error: string | null;
  file_id: string | null;
  /** Null until ready. */
  url: string | null;
}

export type SpanStyle =
  | "bold"
  | "italic"
  | "underline"
  | "strike"
  | "code"
  | "pre"
  | "spoiler"
  | "quote"
  | "link";

export interface Span {
  /** UTF-16 units. */
  start: number;
  length: number;
  style: SpanStyle;
  url?: string | null;
}

export interface Button {
  text: string;
  kind: "reply" | "url" | "contact" | "location";
  data?: string | null;
  url?: string | null;
}

export type SystemEntry =
  | "assigned"
  | "unassigned"
  | "transferred"
  | "invited"
  | "left"
  | "resolved"
  | "closed"
  | "reopened"
  | "spam"
  | "snoozed"
  | "blocked"
  | "unblocked"
  | "started"
  | "priority"
  | "joined";

export type Part =
  | {
      type: "location";
      latitude: number;
      longitude: number;
      title: string | null;
      address: string | null;
    }
  | { type: "contact"; name: string; phone: string }
  | { type: "sticker"; emoji: string | null }
  | { type: "button_press"; data: string; title: string | null }
  | { type: "unsupported"; kind: string; summary: string }
  | {
      type: "system";
      entry: SystemEntry;
      /** Display name of who did it. */
      actor: string | null;
      target: string | null;
      comment: string | null;
    };

export interface Failure {
  code: string;
  message: string;
  retryable: boolean;
}

export interface Message {
  id: string;
  conversation_id: string;
  direction: Direction;
  author: Author;
  text: string;
  spans: Span[];
  attachments: Attachment[];
  buttons: Button[][];
  part: Part | null;
  reply_to: { id: string | null; author_name: string; preview: string } | null;
  state: DeliveryState | null;
  failure: Failure | null;
  client_key: string | null;
  reactions: { emoji: string; by: "customer" | "operator" }[];
  /** Sort key inside a conversation, microseconds. */
  position: number;
  created_at: string;
  edited_at: string | null;
  deleted_at: string | null;
  /** How many earlier texts are kept. */
  revisions: number;
  forwarded_from: string | null;
  /** Messages of one album share it. */
  group: string | null;
  version: number;
}

export interface Revision {
  at: string;
  text: string;
  spans: Span[];
  by: Author;
  deleted: boolean;
}

export interface Identity {
  inbox_id: string;
  channel: string;
  peer: string;
  username: string | null;
  name: string;
}

export interface Customer {
  id: string;
  name: string;
  avatar_url: string | null;
  email: string | null;
  phone: string | null;
  locale: string | null;
  note: string;
  tags: string[];
  attributes: Record<string, string>;
  identities: Identity[];
  blocked: boolean;
  created_at: string;
  last_seen_at: string | null;
  version: number;
}

export interface StoredFile {
  id: string;
  name: string;
  content_type: string;
  size: number;
  kind: AttachmentKind;
  width: number | null;
  height: number | null;
  duration_ms: number | null;
  url: string;
  created_at: string;
}

export interface Quarantined {
  id: string;
  inbox_id: string;
  reason: string;
  received_at: string;
  body_preview: string;
  size: number;
  attempts: number;
  state: "held" | "replayed";
}

export interface QuarantinedDetail extends Quarantined {
  headers: Record<string, string> | [string, string][];
  body: string;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface MessagePage {
  /** Ascending by position. */
  items: Message[];
  older: string | null;
}

export interface ConversationCounts {
  mine: number;
  unassigned: number;
  open: number;
  unanswered: number;
  snoozed: number;
  spam: number;
}

export interface ConnectionTest {
  ok: boolean;
  account: { name: string; id: string; url: string | null } | null;
  message: string;
}

export interface SimulationResult {
  conversation_id: string;
  message_id: string | null;
}

export interface Invitation {
  operator: Operator;
  invite_url: string;
}

export interface FieldProblem {
  field: string;
  code: string;
  message: string;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  code: string;
  request_id: string;
  retry_after_ms?: number;
  errors?: FieldProblem[];
}

export type * from "./requests.ts";
