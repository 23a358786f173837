import { Button } from "@mantine/core";
import type { OwnRole, Permission, Role } from "@omnichat/api-client/types";
import { IconPlus } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DamagedNote } from "~/components/damaged-note.tsx";
import { Page, Section } from "~/components/page.tsx";
import rows from "~/components/rows.module.css";
import { ErrorState, PageSkeleton } from "~/components/states.tsx";
import { mayGive } from "~/lib/roles.ts";
import { notify, notifyError, notifyRefusal } from "~/lib/toasts.ts";
import { useCan, useMe } from "~/queries/me.ts";
import { useOperators } from "~/queries/operators.ts";
import { useRights } from "~/queries/rights.ts";
import { useRoleMutations, useRoles } from "~/queries/roles.ts";
import { bodyOf, blank, type Draft, draftOf, duplicateOf } from "../draft.ts";
import { LookDialog } from "./look-dialog.tsx";
import { RoleDialog } from "./role-dialog.tsx";
import { RoleRow } from "./role-row.tsx";
import classes from "./roles.module.css";

type Opened =
  | { kind: "form"; role: OwnRole | null; beginning: Draft }
  | { kind: "look"; name: string; description: string | null; rights: Permission[] };

/** What operators may do: the ready-made roles, and those that the organisation has made. */
export function RolesPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const own = useMe().permissions;
  const rights = useRights();
  const roles = useRoles();
  const operators = useOperators();
  const { create, remove } = useRoleMutations();
  const [opened, setOpened] = useState<Opened | null>(null);
  const manages = useCan()("operators.manage");
  const existing = rights.data?.rights.map(({ name }) => name) ?? [];
  const holders = (role: Role) => operators.data?.items.filter((o) => o.role === role).length ?? 0;
  const duplicate = (name: string, of: Permission[]) =>
    setOpened({ kind: "form", role: null, beginning: duplicateOf(t("roles.copy_of", { name }), of, own) });
  const onDelete = (role: OwnRole) => {
    const count = holders(role.id);
    if (count > 0) {
      notifyRefusal(t("roles.held", { count, name: role.name }));
      return;
    }
    // The row is gone before these have their answers: what waits for them must not go with it.
    const restore = () => {
      // Names that nothing knows any more gave nothing, and cannot be given anew.
      const body = bodyOf(draftOf(role));
      create.mutateAsync({ ...body, permissions: body.permissions.filter((right) => existing.includes(right)) }).catch((error: unknown) => notifyError(error, t("roles.not_restored")));
    };
    remove.mutateAsync(role.id).then(
      () => notify(t("roles.deleted", { name: role.name }), restore),
      (error: unknown) => notifyError(error, t("roles.not_deleted")),
    );
  };
  const failed = [rights, roles].find((query) => query.isError && query.data === undefined);
  const ready = rights.data !== undefined && roles.data !== undefined;
  return (
    <Page
      title={t("areas.roles")}
      lead={t("roles.lead")}
      onBack={() => void navigate({ to: "/team" })}
      actions={
        manages && ready ? (
          <Button
            leftSection={<IconPlus size={16} stroke={2} />}
            onClick={() => setOpened({ kind: "form", role: null, beginning: blank })}
          >
            {t("roles.add")}
          </Button>
        ) : null
      }
    >
      {failed === undefined ? null : <ErrorState error={failed.error} retry={() => void failed.refetch()} />}
      {ready || failed !== undefined ? null : <PageSkeleton />}
      {ready ? (
        <>
          <DamagedNote ids={roles.data.damaged} />
          <Section title={t("roles.own")}>
            {roles.data.items.length === 0 ? <p className={classes.quiet}>{t("roles.own_empty")}</p> : null}
            <ul className={rows.rows}>
              {[...roles.data.items]
                .sort((a, b) => a.name.localeCompare(b.name))
                .map((role) => {
                  const changeable = manages && mayGive(own, role.permissions, existing);
                  const { name, description, permissions } = role;
                  return (
                    <RoleRow
                      key={role.id}
                      name={name}
                      description={description}
                      rights={permissions.length}
                      holders={holders(role.id)}
                      onLook={() => setOpened({ kind: "look", name, description, rights: permissions })}
                      onEdit={changeable ? () => setOpened({ kind: "form", role, beginning: draftOf(role) }) : null}
                      onDuplicate={manages ? () => duplicate(name, permissions) : null}
                      onDelete={changeable ? () => onDelete(role) : null}
                    />
                  );
                })}
            </ul>
          </Section>
          <Section title={t("roles.built_in")} hint={t("roles.built_in_hint")}>
            <ul className={rows.rows}>
              {rights.data.roles.map(({ role, permissions }) => {
                const [name, description] = [t(`role.${role}`), t(`team.role_hint.${role}`)];
                return (
                  <RoleRow
                    key={role}
                    name={name}
                    description={description}
                    rights={permissions.length}
                    holders={holders(role)}
                    onLook={() => setOpened({ kind: "look", name, description, rights: permissions })}
                    onEdit={null}
                    onDuplicate={manages ? () => duplicate(name, permissions) : null}
                    onDelete={null}
                  />
                );
              })}
            </ul>
          </Section>
        </>
      ) : null}
      {opened?.kind === "form" ? (
        <RoleDialog
          role={opened.role}
          beginning={opened.beginning}
          existing={existing}
          onClose={() => setOpened(null)}
        />
      ) : null}
      {opened?.kind === "look" ? <LookDialog {...opened} onClose={() => setOpened(null)} /> : null}
    </Page>
  );
}
