import { IconLock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "~/components/states.tsx";
import { isBuiltIn } from "~/lib/roles.ts";
import { useCan, useMe } from "~/queries/me.ts";
import { needsOf } from "./areas.ts";

/** Why there is nothing on a page for this operator; null where there is something. One's own profile is for everybody. */
export function useBarred(pathname: string): string | null {
  const { t } = useTranslation();
  const { operator, permissions, role_name } = useMe();
  const can = useCan();
  if (pathname === "/profile") return null;
  if (permissions.length === 0) {
    return t(isBuiltIn(operator.role) || role_name !== null ? "errors.no_rights" : "errors.role_gone");
  }
  const needs = needsOf(pathname);
  if (needs.length === 0 || needs.some(can)) return null;
  return t(pathname.startsWith("/inbox") ? "errors.no_conversations" : "errors.forbidden");
}

/** Stands in the place of a page that an operator may not use. */
export function Barred({ why }: { why: string }) {
  const { t } = useTranslation();
  return (
    <main style={{ position: "relative", height: "100%" }}>
      <h1 className="visually-hidden">{t("errors.forbidden")}</h1>
      <EmptyState icon={<IconLock size={32} stroke={1.5} />} text={why} />
    </main>
  );
}
