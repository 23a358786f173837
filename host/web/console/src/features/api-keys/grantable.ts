import type { ApiKey, Permission } from "@omnichat/api-client/types";

/** What no key can do: see `omnichat_core::api_keys::NOT_FOR_KEYS`. The host refuses it as well. */
const notForKeys: Permission[] = ["api_keys.manage", "operators.manage", "conversations.read_own", "conversations.take"];

/** What concerns the whole organisation, so that a key of some inboxes cannot do it. */
const forAllInboxes: Permission[] = [
  "inboxes.manage",
  "quarantine.manage",
  "audit.read",
  "plugins.manage",
  "automations.manage",
  "phrases.manage",
  "views.manage",
  "tags.manage",
];

/** The rights that somebody can give to a key. */
export function grantable(own: Permission[], confined: boolean): Permission[] {
  return own.filter((right) => !notForKeys.includes(right) && !(confined && forAllInboxes.includes(right)));
}

export const days = ["30", "90", "180", "365", "730"] as const;

export type Days = (typeof days)[number];

/** When a key ends that lasts so many days. */
export function endsAt(now: number, lasts: Days): string {
  return new Date(now + Number(lasts) * 86_400_000).toISOString();
}

/** Whether a key can do nothing any more, for good. */
export function isOver({ state }: Pick<ApiKey, "state">): boolean {
  return state === "expired" || state === "revoked";
}

/** Keys that work first, as they came. */
export function inOrder<K extends Pick<ApiKey, "state">>(keys: K[]): K[] {
  return [...keys.filter((key) => !isOver(key)), ...keys.filter(isOver)];
}
