import { attributePrefix, type CustomerFieldName, type FieldName, type Subject } from "~/lib/condition.ts";

/** What stands for every attribute where fields are chosen. */
export const attribute = attributePrefix;

type Groups<Name extends string> = Record<string, readonly (Name | typeof attribute)[]>;

const ofConversations: Groups<FieldName> = {
  conversation: ["status", "priority", "assignee", "participants", "scenario", "tags", "subject", attribute],
  customer: ["customer_name", "inbox", "channel", "chat_kind", "unreachable"],
  answers: ["unread", "unread_count", "unanswered", "waiting_since", "last_inbound_at", "first_response_at"],
  times: ["created_at", "last_activity_at", "resolved_at", "snoozed_until"],
};

const ofCustomers: Groups<CustomerFieldName> = {
  person: ["name", "email", "phone", "note", "blocked"],
  marks: ["tags", attribute],
  times: ["last_seen_at", "created_at"],
};

/** The fields that rows are offered for, under what they are about. */
export const fieldGroups: Record<Subject["kind"], Record<string, readonly string[]>> = {
  conversation: ofConversations,
  customer: ofCustomers,
};
