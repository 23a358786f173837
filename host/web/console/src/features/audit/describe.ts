import type { AuditEntry } from "@omnichat/api-client/types";
import { device } from "./device.ts";

/** What one line of details says: the name of a text, and what goes into it. */
export interface Detail {
  key: string;
  values: Record<string, string | number>;
}

/** Details that are shown in words, in this order. What else a line holds is for programs. */
const known = [
  "others",
  "address",
  "times",
  "sessions",
  "password",
  "settings_changed",
  "role",
  "disabled",
  "name",
  "renamed",
  "capacity",
  "email",
  "title",
  "version",
  "reason",
  "route",
  "client",
] as const;

const flags: readonly string[] = ["others", "sessions", "password", "settings_changed"];

/** The name of the text for an action. */
export function actionKey(action: string): string {
  return `audit.action.${action.replaceAll(".", "_")}`;
}

/** What may be an attack, and stands out from what people did. */
export function isAlarm(action: string): boolean {
  return action.endsWith(".refused") || action === "sign_in.slowed" || action === "session.reuse_detected";
}

/** What a line is about, by name; nothing where that is who did it. `nameOf` knows those that are still there. */
export function subject(entry: Pick<AuditEntry, "action" | "actor" | "target" | "details">, nameOf: (id: string) => string | undefined): string | null {
  const { action, actor, target, details } = entry;
  if (target === "" || target === actor.id) return null;
  const told = [details["title"], details["name"]].find((name) => typeof name === "string");
  // Plugins have names for ids.
  return nameOf(target) ?? told ?? (action.startsWith("plugin.") ? target : null);
}

/** What there is to know besides who did what to whom. */
export function describe({ details }: Pick<AuditEntry, "details">, about: string | null = null): Detail[] {
  return known.flatMap((name) => {
    const value = details[name];
    if (value === undefined || value === about) return [];
    if (name === "disabled") return [{ key: value === true ? "disabled" : "enabled", values: {} }];
    if (flags.includes(name)) return value ? [{ key: name, values: {} }] : [];
    if (name === "times") return typeof value === "number" ? [{ key: name, values: { count: value } }] : [];
    if (name === "client") return typeof value === "string" ? [{ key: name, values: { value: device(value) } }] : [];
    if (typeof value === "string" || typeof value === "number") return [{ key: name, values: { value } }];
    if (isChange(value)) return [{ key: `${name}_changed`, values: { from: value.from, to: value.to } }];
    return [];
  });
}

function isChange(value: unknown): value is { from: string | number; to: string | number } {
  const plain = (part: unknown) => typeof part === "string" || typeof part === "number";
  return typeof value === "object" && value !== null && "from" in value && "to" in value && plain(value.from) && plain(value.to);
}
