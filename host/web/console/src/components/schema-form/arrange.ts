/** Which fields of a form stand together. */
import type { Field } from "./schema-fields.ts";

/** Fields under one heading, or under none. */
export interface Group {
  key: string;
  name: string | null;
  fields: Field[];
}

/** What an object of the schema keeps together, or (with no title) what stands outside of any. */
export interface Part {
  key: string;
  title: string | null;
  groups: Group[];
}

/** Parts in the order in which they first appear, and their groups likewise: no heading is shown twice. */
export function arrange(fields: Field[]): Part[] {
  return gather(fields, (field) => field.path.slice(0, -1).join(".")).map(([key, own]) => ({
    key,
    title: own[0]?.part ?? null,
    groups: gather(own, (field) => field.group ?? "").map(([name, some]) => ({
      key: name,
      name: name === "" ? null : name,
      fields: some,
    })),
  }));
}

function gather(fields: Field[], keyOf: (field: Field) => string): [key: string, fields: Field[]][] {
  const found = new Map<string, Field[]>();
  for (const field of fields) {
    const key = keyOf(field);
    found.set(key, [...(found.get(key) ?? []), field]);
  }
  return [...found];
}
