import { Table } from "@mantine/core";
import type { AuditEntry } from "@omnichat/api-client/types";
import { IconShieldExclamation } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { TimeLabel } from "~/components/time-label.tsx";
import { actionKey, describe, type Detail, isAlarm, subject } from "../describe.ts";
import classes from "./audit.module.css";

/** Roles as people call them. */
function roles(values: Detail["values"], roleName: (role: string) => string): Detail["values"] {
  const named = Object.entries(values).map(([name, role]) => [name, roleName(String(role))]);
  return Object.fromEntries(named) as Detail["values"];
}

interface Props {
  entry: AuditEntry;
  now: number;
  nameOf: (id: string) => string | undefined;
  roleName: (role: string) => string;
}

/** One line: what happened with its details, who did it, to whom, when. On a phone one below the other. */
export function AuditRow({ entry, now, nameOf, roleName }: Props) {
  const { t } = useTranslation();
  const { action, actor, details } = entry;
  const about = subject(entry, nameOf);
  const who =
    actor.kind === "system"
      ? t(`audit.system.${actor.name}`, { defaultValue: t("audit.system.other") })
      : actor.name || t("audit.customer");
  const words = describe(entry, about)
    .map(({ key, values }) => t(`audit.detail.${key}`, key.startsWith("role") ? roles(values, roleName) : values))
    .join(" · ");
  const { client } = details;
  return (
    <Table.Tr className={classes.row} data-testid="audit-row">
      <Table.Td className={classes.what}>
        <div className={classes.action}>
          {isAlarm(action) ? (
            <IconShieldExclamation size={16} stroke={1.8} className={classes.alarm} aria-label={t("audit.alarm")} />
          ) : null}
          {t(actionKey(action), { defaultValue: action })}
        </div>
        {words === "" ? null : (
          <div className={classes.details} title={typeof client === "string" ? client : undefined}>
            {words}
          </div>
        )}
      </Table.Td>
      <Table.Td className={classes.who}>{who}</Table.Td>
      <Table.Td className={classes.about}>{about ?? ""}</Table.Td>
      <Table.Td className={classes.time}>
        <TimeLabel at={entry.at} now={now} />
      </Table.Td>
    </Table.Tr>
  );
}
