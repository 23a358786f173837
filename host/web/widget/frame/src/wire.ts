/** What the host sends and takes under `/widget/v1/{inbox_id}`. Times are RFC 3339 in UTC, ids are opaque. */

export type AttachmentKind = "image" | "video" | "audio" | "voice" | "document" | "animation" | "sticker" | "video_note";

export interface Attachment {
  id: string;
  kind: AttachmentKind;
  name: string;
  content_type: string;
  /** Bytes. */
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

/** `start` and `length` count UTF-16 units, as JavaScript strings do. */
export interface Span {
  start: number;
  length: number;
  style: "bold" | "italic" | "underline" | "strike" | "code" | "pre" | "spoiler" | "quote" | "link";
  url?: string;
}

export interface Button {
  text: string;
  kind: "reply" | "url" | "contact" | "location";
  data?: string;
  url?: string;
}

export type Part =
  | { type: "location"; latitude: number; longitude: number; title: string | null; address: string | null }
  | { type: "contact"; name: string; phone: string }
  | { type: "sticker"; emoji: string | null }
  | { type: "button_press"; data: string; title: string | null }
  | { type: "notice"; kind: string; title: string; facts: { text: string }[] }
  | { type: "unsupported"; kind: string; summary: string }
  | { type: "system"; entry: string; actor: string | null; target: string | null; comment: string | null };

export interface WidgetMessage {
  id: string;
  from: "visitor" | "operator" | "bot" | "system";
  author_name: string | null;
  text: string;
  spans: Span[];
  attachments: Attachment[];
  buttons: Button[][];
  part: Part | null;
  reply_to: { author_name: string; preview: string } | null;
  /** Of the visitor's own messages: `sent` means stored, `read` that an operator has read it. */
  state: "sent" | "delivered" | "read" | null;
  client_key: string | null;
  /** Sort key, microseconds. */
  position: number;
  created_at: string;
  edited_at: string | null;
  deleted_at: string | null;
  version: number;
}

export interface WidgetConversation {
  id: string;
  status: "open" | "resolved" | "closed";
  operator: { name: string; avatar_url: string | null } | null;
  unread: number;
}

export interface PrechatField {
  name: "name" | "email" | "phone";
  required: boolean;
}

export interface WidgetConfig {
  title: string;
  greeting: string;
  /** `#rrggbb` */
  accent: string;
  locale: "ru" | "en" | "auto";
  position: "left" | "right";
  prechat: { enabled: boolean; fields: PrechatField[] };
  online: boolean;
  away_message: string;
  /** While nobody is there, a form asks where to answer. */
  offline_form: boolean;
  max_file_bytes: number;
  branding: boolean;
}

export interface WidgetSession {
  token: string;
  visitor: { name: string | null; email: string | null };
  conversation: WidgetConversation | null;
  /** The last 30, ascending. */
  messages: WidgetMessage[];
  older: string | null;
  /** Where the socket goes on. Says nothing, and is never twice the same. */
  cursor: string;
  online: boolean;
}

/** A stored file. */
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

export interface NewMessage {
  client_key: string;
  text: string;
  file_ids?: string[];
  button?: { message_id: string; data: string };
}

export interface OfflineMessage {
  client_key: string;
  name: string;
  email?: string;
  phone?: string;
  text: string;
}

export type WidgetEvent =
  | { type: "message_created" | "message_updated"; message: WidgetMessage }
  | { type: "conversation_updated"; conversation: WidgetConversation };

/** Frames of the WebSocket, host → widget. */
export type FromHost =
  | { type: "hello"; cursor: string; online: boolean }
  | { type: "event"; cursor: string; event: WidgetEvent }
  | { type: "typing"; on: boolean; name: string }
  | { type: "online"; online: boolean }
  | { type: "resync" }
  | { type: "pong" };

/** Frames of the WebSocket, widget → host. */
export type ToHost = { type: "hello"; token: string; after: string | null } | { type: "typing"; on: boolean } | { type: "ping" };
