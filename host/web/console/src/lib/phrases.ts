/** What quick phrases say, and their order. */
import type { Phrase } from "@omnichat/api-client/types";

/** Names that a text may stand in for, in the order in which they are offered. */
export const names = ["customer", "operator", "channel"] as const;

export type Names = Partial<Record<(typeof names)[number], string>>;

/** A text with the names put in. What is not one of them, or not known, stays as it is written. */
export function fill(text: string, values: Names): string {
  return text.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (whole, name: string) =>
    (names as readonly string[]).includes(name) ? (values[name as keyof Names] ?? whole) : whole,
  );
}

/** By name; one's own before everybody's. */
export function sorted(phrases: Phrase[]): Phrase[] {
  const name = ({ shortcut }: Phrase) => shortcut.toLowerCase();
  return [...phrases].sort((a, b) => name(a).localeCompare(name(b)) || Number(a.owner_id === null) - Number(b.owner_id === null));
}
