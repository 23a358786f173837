import { attributePrefix, type FieldName } from "~/lib/condition.ts";

/** What stands for every attribute where fields are chosen. */
export const attribute = attributePrefix;

/** The fields that rows are offered for, under what they are about. */
export const fieldGroups = {
  conversation: ["status", "priority", "assignee", "participants", "scenario", "tags", "subject", attribute],
  customer: ["customer_name", "inbox", "channel", "chat_kind", "unreachable"],
  answers: ["unread", "unread_count", "unanswered", "waiting_since", "last_inbound_at", "first_response_at"],
  times: ["created_at", "last_activity_at", "resolved_at", "snoozed_until"],
} as const satisfies Record<string, (FieldName | typeof attribute)[]>;
