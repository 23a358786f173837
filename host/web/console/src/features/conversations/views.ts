/** The ready-made lists of the inbox, and the order of saved ones. */
import type { ConditionTest, ConversationCounts, ConversationQuery, ConversationSort, View } from "@omnichat/api-client/types";

export const viewIds = ["mine", "unassigned", "open", "unanswered", "snoozed", "resolved", "spam"] as const;
export type ViewId = (typeof viewIds)[number];

const status = (...value: string[]): ConditionTest => ({ field: "status", op: "in", value });
const active = status("new", "open", "pending");

interface ReadyMade {
  /** All of these. */
  tests: ConditionTest[];
  sort: ConversationSort;
  count: keyof ConversationCounts | null;
}

export const views: Record<ViewId, ReadyMade> = {
  mine: { tests: [active, { field: "assignee", op: "is", value: "me" }], sort: "activity", count: "mine" },
  unassigned: { tests: [active, { field: "assignee", op: "exists", value: false }], sort: "activity", count: "unassigned" },
  open: { tests: [active], sort: "activity", count: "open" },
  unanswered: { tests: [active, { field: "unanswered", op: "is", value: true }], sort: "waiting", count: "unanswered" },
  snoozed: { tests: [status("snoozed")], sort: "activity", count: "snoozed" },
  resolved: { tests: [status("resolved", "closed")], sort: "activity", count: null },
  spam: { tests: [status("spam")], sort: "activity", count: "spam" },
};

/** What a new view starts with: what is still open. */
export const anew: Required<ConversationQuery> = { filter: { all: views.open.tests }, sort: "activity" };

/** Everybody's, then one's own, each by name. */
export function inOrder(saved: View[]): View[] {
  return saved.toSorted((a, b) => Number(a.owner_id !== null) - Number(b.owner_id !== null) || a.name.localeCompare(b.name));
}
