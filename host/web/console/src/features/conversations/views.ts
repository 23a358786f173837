/** The ready-made lists of the inbox. */
import type { ConversationCounts, ConversationFilter } from "@omnichat/api-client/types";

export const viewIds = ["mine", "unassigned", "open", "unanswered", "snoozed", "resolved", "spam"] as const;
export type ViewId = (typeof viewIds)[number];

const active: ConversationFilter["status"] = ["new", "open", "pending"];

export const views: Record<ViewId, { filter: ConversationFilter; count: keyof ConversationCounts | null }> = {
  mine: { filter: { status: active, assignee: "me" }, count: "mine" },
  unassigned: { filter: { status: active, assignee: "none" }, count: "unassigned" },
  open: { filter: { status: active }, count: "open" },
  unanswered: { filter: { status: active, unanswered: true, sort: "waiting" }, count: "unanswered" },
  snoozed: { filter: { status: ["snoozed"] }, count: "snoozed" },
  resolved: { filter: { status: ["resolved", "closed"] }, count: null },
  spam: { filter: { status: ["spam"] }, count: "spam" },
};
