/** The inbox in the address bar: which view, narrowed how. Unknown values are dropped. */
import type { ConversationFilter, ConversationStatus, Priority } from "@omnichat/api-client/types";
import { type ViewId, viewIds, views } from "./views.ts";

export interface InboxSearch {
  view?: ViewId;
  inbox?: string;
  channel?: string;
  status?: ConversationStatus;
  priority?: Priority;
  assignee?: string;
  tag?: string;
  unread?: boolean;
}

const statuses: ConversationStatus[] = ["new", "open", "pending", "snoozed", "resolved", "closed", "spam"];
const priorities: Priority[] = ["low", "normal", "high", "urgent"];

function oneOf<T extends string>(value: unknown, allowed: readonly T[]): T | undefined {
  return allowed.find((candidate) => candidate === value);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function parseInboxSearch(search: Record<string, unknown>): InboxSearch {
  return compact({
    view: oneOf(search["view"], viewIds),
    inbox: text(search["inbox"]),
    channel: text(search["channel"]),
    status: oneOf(search["status"], statuses),
    priority: oneOf(search["priority"], priorities),
    assignee: text(search["assignee"]),
    tag: text(search["tag"]),
    unread: search["unread"] === true ? true : undefined,
  });
}

/** The host's query for what the address bar says. */
export function toFilter(search: InboxSearch): ConversationFilter {
  const base = views[search.view ?? "mine"].filter;
  return compact({
    ...base,
    status: search.status === undefined ? base.status : [search.status],
    inbox_id: search.inbox,
    channel: search.channel,
    priority: search.priority,
    assignee: search.assignee ?? base.assignee,
    tag: search.tag,
    unread: search.unread,
  });
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
