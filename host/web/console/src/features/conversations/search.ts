/** The inbox in the address bar: which view, narrowed how. Unknown values are dropped. */
import type { ConditionTest, ConversationQuery, ConversationStatus, Priority, View } from "@omnichat/api-client/types";
import { priorities, statuses } from "~/lib/condition.ts";
import { type ViewId, viewIds, views } from "./views.ts";

export interface InboxSearch {
  /** A ready-made view, or the id of a saved one. */
  view?: string;
  inbox?: string;
  channel?: string;
  status?: ConversationStatus;
  priority?: Priority;
  assignee?: string;
  tag?: string;
  unread?: boolean;
}

function oneOf<T extends string>(value: unknown, allowed: readonly T[]): T | undefined {
  return allowed.find((candidate) => candidate === value);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function savedId(value: unknown): string | undefined {
  return typeof value === "string" && value.startsWith("view_") ? value : undefined;
}

export function parseInboxSearch(search: Record<string, unknown>): InboxSearch {
  return compact({
    view: oneOf(search["view"], viewIds) ?? savedId(search["view"]),
    inbox: text(search["inbox"]),
    channel: text(search["channel"]),
    status: oneOf(search["status"], statuses),
    priority: oneOf(search["priority"], priorities),
    assignee: text(search["assignee"]),
    tag: text(search["tag"]),
    unread: search["unread"] === true ? true : undefined,
  });
}

/** The ready-made view that the address bar names; null if it names a saved one. */
export function readyMade({ view }: InboxSearch): ViewId | null {
  return view === undefined ? "mine" : (oneOf(view, viewIds) ?? null);
}

/** The host's query for a view and what narrows it. In a ready-made view the status and the operator that were chosen replace its own. */
export function toQuery(search: InboxSearch, view: ViewId | View): Required<ConversationQuery> {
  const narrowing = toTests(search);
  if (typeof view === "string") {
    const { tests, sort } = views[view];
    const kept = tests.filter(({ field }) => !narrowing.some((test) => test.field === field));
    return { filter: { all: [...kept, ...narrowing] }, sort };
  }
  const { filter, sort } = view;
  if (narrowing.length === 0) return { filter, sort };
  return { filter: { all: [...("all" in filter ? filter.all : [filter]), ...narrowing] }, sort };
}

function toTests(search: InboxSearch): ConditionTest[] {
  const { inbox, channel, status, priority, assignee, tag, unread } = search;
  const test = (field: string, op: ConditionTest["op"], value: ConditionTest["value"] | undefined): ConditionTest[] =>
    value === undefined ? [] : [{ field, op, value }];
  return [
    ...test("inbox", "is", inbox),
    ...test("channel", "is", channel),
    ...test("status", "is", status),
    ...test("priority", "is", priority),
    ...(assignee === "none" ? test("assignee", "exists", false) : test("assignee", "is", assignee)),
    ...test("tags", "has", tag),
    ...test("unread", "is", unread),
  ];
}

/** How many filters narrow the view. */
export function narrowings(search: InboxSearch): number {
  const { view: _, ...rest } = search;
  return Object.keys(compact(rest)).length;
}

function compact<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
