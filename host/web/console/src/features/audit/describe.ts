import type { AuditEntry } from "@omnichat/api-client/types";

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
  "role",
  "disabled",
  "name",
  "capacity",
  "email",
  "title",
  "route",
  "client",
] as const;

/** The name of the text for an action. */
export function actionKey(action: string): string {
  return `audit.action.${action.replaceAll(".", "_")}`;
}

/** What there is to know besides who did what. */
export function describe({ details }: Pick<AuditEntry, "details">): Detail[] {
  return known.flatMap((name) => {
    const value = details[name];
    if (name === "disabled") return [{ key: value === true ? "disabled" : "enabled", values: {} }].filter(() => value !== undefined);
    if (name === "others" || name === "sessions" || name === "password") return value ? [{ key: name, values: {} }] : [];
    if (name === "times") return typeof value === "number" ? [{ key: name, values: { count: value } }] : [];
    if (typeof value === "string" || typeof value === "number") return [{ key: name, values: { value } }];
    if (isChange(value)) return [{ key: `${name}_changed`, values: { from: value.from, to: value.to } }];
    return [];
  });
}

function isChange(value: unknown): value is { from: string | number; to: string | number } {
  const plain = (part: unknown) => typeof part === "string" || typeof part === "number";
  return typeof value === "object" && value !== null && "from" in value && "to" in value && plain(value.from) && plain(value.to);
}
