/** Rights as people read them. A host may have others than this console knows: those are shown by their bare names. */
import type { Permission } from "@omnichat/api-client/types";
import type { TFunction } from "i18next";

/** The rights that have a name in every language. */
export const known = [
  "conversations.read_all",
  "conversations.read_own",
  "conversations.take",
  "conversations.assign",
  "conversations.manage",
  "messages.send",
  "messages.note",
  "messages.edit_own",
  "messages.delete_own",
  "messages.delete_any",
  "files.upload",
  "phrases.manage",
  "views.manage",
  "tags.manage",
  "customers.read",
  "customers.write",
  "inboxes.read",
  "inboxes.manage",
  "operators.read",
  "operators.manage",
  "api_keys.manage",
  "automations.manage",
  "plugins.manage",
  "quarantine.manage",
  "audit.read",
] as const;

/** A right that the console asks for. */
export type Right = (typeof known)[number];

export const groups = ["talk", "customers", "setup", "other"] as const;

export type Group = (typeof groups)[number];

const groupOf: Record<string, Group> = {
  conversations: "talk",
  messages: "talk",
  files: "talk",
  phrases: "talk",
  views: "talk",
  tags: "talk",
  customers: "customers",
};

export function isKnown(right: Permission): right is Right {
  return (known as readonly string[]).includes(right);
}

/** What people call a right; one of which the console has not heard, by its name. */
export function rightLabel(t: TFunction, right: Permission): string {
  return t(`rights.name.${right.replaceAll(".", "_")}`, { defaultValue: right });
}

/** The rights under what they are about, each once and in one order, without what has none. */
export function grouped(rights: Permission[]): [Group, Permission[]][] {
  const rank = (right: Permission) => (isKnown(right) ? known.indexOf(right) : known.length);
  const sorted = [...new Set(rights)].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
  const place = (right: Permission) => (isKnown(right) ? (groupOf[right.split(".")[0] ?? ""] ?? "setup") : "other");
  return groups
    .map((group): [Group, Permission[]] => [group, sorted.filter((right) => place(right) === group)])
    .filter(([, own]) => own.length > 0);
}
