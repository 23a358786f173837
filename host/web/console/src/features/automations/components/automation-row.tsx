import type { Automation, AutomationKind, Inbox } from "@omnichat/api-client/types";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import rows from "~/components/rows.module.css";
import { StateLine } from "~/components/state-line.tsx";
import { RoleGlyph } from "./role-glyph.tsx";

interface Props {
  automation: Automation;
  /** Null while its plugin does not run, undefined while nobody knows. */
  kind: AutomationKind | null | undefined;
  /** Undefined while nobody knows. */
  inboxes: Inbox[] | undefined;
}

/** A bot or a toolbox in the list: what it is, where it answers or what it can do, whether it is on. */
export function AutomationRow({ automation: a, kind, inboxes }: Props) {
  const { t } = useTranslation();
  const kindTitle = kind?.title ?? a.kind;
  const about = [
    t(`automations.role.${a.role}`),
    kindTitle === a.title ? "" : kindTitle,
    a.role === "scenario" ? places() : tools(),
  ];
  return (
    <li className={rows.row} data-testid="automation-row">
      <RoleGlyph role={a.role} />
      <Link to="/automations/$automationId" params={{ automationId: a.id }} className={rows.main}>
        <span className={rows.title}>{a.title}</span>
        <span className={rows.dim}>{about.filter(Boolean).join(" · ")}</span>
      </Link>
      <span className={rows.aside}>
        {kind === null ? (
          <StateLine state="failed">{t("automations.plugin_off")}</StateLine>
        ) : (
          <StateLine state={a.enabled ? "ok" : "off"}>{t(a.enabled ? "automations.on" : "automations.off")}</StateLine>
        )}
      </span>
    </li>
  );

  function places(): string {
    if (inboxes === undefined) return "";
    const names = inboxes.filter((inbox) => inbox.scenario === a.id).map((inbox) => inbox.title);
    return names.length === 0 ? t("automations.answers_nowhere") : t("automations.answers_in", { names: names.join(", ") });
  }

  function tools(): string {
    return a.tools.map((tool) => tool.name).join(", ");
  }
}
