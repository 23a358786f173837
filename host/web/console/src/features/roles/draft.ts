/** A role as it is being written. */
import type { OwnRole, Permission } from "@omnichat/api-client/types";

export interface Draft {
  name: string;
  description: string;
  permissions: Permission[];
}

export const blank: Draft = { name: "", description: "", permissions: [] };

export function draftOf(role: Pick<OwnRole, "name" | "description" | "permissions">): Draft {
  return { name: role.name, description: role.description ?? "", permissions: role.permissions };
}

/** The beginning of another role with what may be given of these rights. */
export function duplicateOf(name: string, rights: Permission[], own: Permission[]): Draft {
  return { name, description: "", permissions: rights.filter((right) => own.includes(right)) };
}

/** What is saved of a draft. */
export function bodyOf({ name, description, permissions }: Draft) {
  const text = description.trim();
  return { name: name.trim(), description: text === "" ? null : text, permissions };
}
