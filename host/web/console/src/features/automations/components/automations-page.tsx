import { Button } from "@mantine/core";
import { IconLock, IconPlus, IconRobot } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { DamagedNote } from "~/components/damaged-note.tsx";
import { Page } from "~/components/page.tsx";
import rows from "~/components/rows.module.css";
import { EmptyState, ErrorState, PageSkeleton } from "~/components/states.tsx";
import { useAutomationKinds, useAutomations } from "~/queries/automations.ts";
import { useInboxes } from "~/queries/inboxes.ts";
import { useCan } from "~/queries/me.ts";
import { AutomationRow } from "./automation-row.tsx";

/** The bots that answer first and the tools that they call. */
export function AutomationsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const can = useCan();
  const query = useAutomations();
  const kinds = useAutomationKinds().data?.items;
  const inboxes = useInboxes().data?.items;
  const add = () => void navigate({ to: "/automations/new" });
  const canAdd = kinds !== undefined && kinds.length > 0;
  const items = query.data?.items;
  if (!can("automations.manage")) {
    return (
      <Page title={t("areas.automations")}>
        <EmptyState icon={<IconLock size={28} stroke={1.5} />} text={t("errors.forbidden")} />
      </Page>
    );
  }
  return (
    <Page
      title={t("areas.automations")}
      lead={t("automations.lead")}
      actions={
        canAdd ? (
          <Button leftSection={<IconPlus size={16} stroke={2} />} onClick={add}>
            {t("automations.add")}
          </Button>
        ) : null
      }
    >
      {query.isPending ? <PageSkeleton /> : null}
      {query.isError && items === undefined ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : null}
      {items?.length === 0 && kinds !== undefined ? (
        <EmptyState icon={<IconRobot size={28} stroke={1.5} />} {...emptyState()} />
      ) : null}
      <DamagedNote ids={query.data?.damaged ?? []} />
      <ul className={rows.rows}>
        {(items ?? []).map((automation) => (
          <AutomationRow
            key={automation.id}
            automation={automation}
            kind={kinds === undefined ? undefined : (kinds.find((k) => k.kind === automation.kind) ?? null)}
            inboxes={inboxes}
          />
        ))}
      </ul>
    </Page>
  );

  function emptyState() {
    if (canAdd) return { text: t("automations.empty"), action: { label: t("automations.add"), run: add } };
    if (!can("plugins.manage")) return { text: t("automations.ask_host") };
    return {
      text: t("automations.empty_no_kinds"),
      action: { label: t("automations.to_plugins"), run: () => void navigate({ to: "/plugins" }) },
    };
  }
}
