/** Roles: four that every organisation has, and those that it has made. */
import type { BuiltInRole, Permission, Role } from "@omnichat/api-client/types";

export const builtIn: readonly BuiltInRole[] = ["operator", "senior", "admin", "owner"];

export function isBuiltIn(role: Role): role is BuiltInRole {
  return (builtIn as readonly string[]).includes(role);
}

/** Whether a role has every right, also those that come later: only who has one of these may give it, or change who has it. */
export function hasEvery(role: Role): boolean {
  return role === "admin" || role === "owner";
}

/** Whether somebody with these rights may give all of those. What no host knows any more counts for nothing. */
export function mayGive(own: Permission[], rights: Permission[], existing: Permission[]): boolean {
  return rights.every((right) => own.includes(right) || !existing.includes(right));
}
