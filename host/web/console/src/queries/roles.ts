import type { Role } from "@omnichat/api-client/types";
import { useTranslation } from "react-i18next";
import { api } from "~/lib/api.ts";
import { isBuiltIn } from "~/lib/roles.ts";
import { useEntities, useEntityMutations } from "./entities.ts";
import { useCan } from "./me.ts";

const kind = { name: "role", calls: api.roles };

/** The roles that the organisation has made. */
export function useRoles() {
  return useEntities(kind, useCan()("operators.read"));
}

export function useRoleMutations() {
  return useEntityMutations(kind);
}

/** Says what a role is called. */
export function useRoleNames(): (role: Role) => string {
  const { t } = useTranslation();
  const own = useRoles().data?.items;
  return (role) => {
    if (isBuiltIn(role)) return t(`role.${role}`);
    return own?.find(({ id }) => id === role)?.name ?? t(own === undefined ? "role.own" : "role.gone");
  };
}
