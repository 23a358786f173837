/** What the console sends: filters, new things and changes. Versions guard against overwriting somebody else. */
import type { Button, ConversationStatus, Priority, Role, RoutingStrategy, Span } from "./types.ts";

export type ConversationSort = "activity" | "created" | "waiting";

export interface ConversationFilter {
  status?: ConversationStatus[];
  inbox_id?: string;
  channel?: string;
  /** "me", "none" or an operator's id. */
  assignee?: string;
  participant?: "me";
  priority?: Priority;
  tag?: string;
  unread?: boolean;
  unanswered?: boolean;
  customer_id?: string;
  sort?: ConversationSort;
}

export interface NewMessage {
  /** 8 to 64 characters, unique for each message. */
  client_key: string;
  kind: "reply" | "note";
  text: string;
  spans?: Span[];
  file_ids?: string[];
  buttons?: Button[][];
  reply_to?: string;
  location?: { latitude: number; longitude: number };
}

export interface NewInbox {
  kind: string;
  title: string;
  config: Record<string, unknown>;
  routing?: RoutingStrategy;
  proxy_url?: string | null;
}

export interface InboxPatch {
  title?: string;
  enabled?: boolean;
  config?: Record<string, unknown>;
  routing?: RoutingStrategy;
  proxy_url?: string | null;
  version: number;
}

export interface Simulation {
  peer: string;
  name: string;
  action: "message" | "edit" | "delete" | "typing" | "read" | "button";
  text?: string;
  file_ids?: string[];
  target_message_id?: string;
  data?: string;
}

export interface CustomerPatch {
  name?: string;
  email?: string | null;
  phone?: string | null;
  note?: string;
  tags?: string[];
  attributes?: Record<string, string>;
  blocked?: boolean;
  version: number;
}

export interface OperatorPatch {
  name?: string;
  role?: Role;
  capacity?: number;
  disabled?: boolean;
  version: number;
}

export interface NewOperator {
  name: string;
  email: string;
  role: Role;
  capacity: number;
}
