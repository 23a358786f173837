/** Frames of the console's WebSocket, both ways. */
import type {
  Author,
  Conversation,
  Customer,
  Inbox,
  Message,
  Operator,
  OperatorStatus,
  Problem,
} from "./types.ts";

export type DomainEvent =
  | { type: "conversation_created"; conversation: Conversation }
  | { type: "conversation_updated"; conversation: Conversation }
  | { type: "message_created"; conversation: Conversation; message: Message }
  | { type: "message_updated"; message: Message; conversation: Conversation | null }
  | { type: "customer_updated"; customer: Customer }
  | { type: "operator_updated"; operator: Operator }
  | { type: "inbox_updated"; inbox: Inbox }
  | { type: "inbox_deleted"; inbox_id: string }
  | { type: "quarantine_added"; inbox_id: string; id: string; reason: string };

export interface Viewer {
  operator_id: string;
  replying: boolean;
}

export type ServerFrame =
  | { type: "hello"; seq: number; session: string; heartbeat_s: number }
  | { type: "resync"; seq: number }
  | { type: "event"; seq: number; at: string; event: DomainEvent }
  | { type: "typing"; conversation_id: string; author: Author; on: boolean }
  | { type: "viewers"; conversation_id: string; viewers: Viewer[] }
  | { type: "presence"; operator_id: string; status: OperatorStatus; connected: boolean }
  | { type: "pong" }
  | { type: "error"; problem: Problem };

export type ClientFrame =
  | { type: "hello"; token: string; after: number | null }
  | { type: "token"; token: string }
  | { type: "ping" }
  | { type: "typing"; conversation_id: string; on: boolean }
  | { type: "viewing"; conversation_id: string | null; replying: boolean };
