import { Button, Table } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { DamagedNote } from "~/components/damaged-note.tsx";
import { Page } from "~/components/page.tsx";
import { EmptyState, ErrorState, PageSkeleton } from "~/components/states.tsx";
import { useNow } from "~/lib/time.ts";
import { useApiKeys } from "~/queries/api-keys.ts";
import { useAutomations } from "~/queries/automations.ts";
import { useInboxes } from "~/queries/inboxes.ts";
import { useOperatorNames } from "~/queries/operators.ts";
import { useRoleNames } from "~/queries/roles.ts";
import { useAudit } from "../api/use-audit.ts";
import { AuditRow } from "./audit-row.tsx";
import classes from "./audit.module.css";

/** Who did what, and what was refused to whom. */
export function AuditPage() {
  const { t } = useTranslation();
  const now = useNow();
  const query = useAudit();
  const nameOf = useNames();
  const roleName = useRoleNames();
  const entries = query.data?.pages.flatMap((page) => page.items) ?? [];
  const damaged = query.data?.pages.flatMap((page) => page.damaged ?? []) ?? [];
  return (
    <Page title={t("areas.audit")} lead={t("audit.lead")} wide>
      {query.isPending ? <PageSkeleton /> : null}
      {query.isError && entries.length === 0 ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : null}
      {query.isSuccess && entries.length === 0 ? (
        <EmptyState icon={<IconHistory size={30} stroke={1.5} />} text={t("audit.empty")} />
      ) : null}
      <DamagedNote ids={damaged} />
      {entries.length === 0 ? null : (
        <Table verticalSpacing={10} className={classes.table}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("audit.what")}</Table.Th>
              <Table.Th>{t("audit.who")}</Table.Th>
              <Table.Th>{t("audit.target")}</Table.Th>
              <Table.Th className={classes.time}>{t("audit.when")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {entries.map((entry) => (
              <AuditRow key={entry.id} entry={entry} now={now} nameOf={nameOf} roleName={roleName} />
            ))}
          </Table.Tbody>
        </Table>
      )}
      {query.isFetchNextPageError ? (
        <p className={classes.problem} role="alert">
          {t("audit.no_more_came")}
        </p>
      ) : null}
      {query.hasNextPage ? (
        <Button variant="default" mt="md" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t("common.load_more")}
        </Button>
      ) : null}
    </Page>
  );
}

/** The names of what is still there, as far as one may know it. */
function useNames(): (id: string) => string | undefined {
  const operators = useOperatorNames();
  const inboxes = useInboxes();
  const apiKeys = useApiKeys();
  const automations = useAutomations();
  return (id) =>
    operators.get(id)?.name ??
    inboxes.data?.items.find((inbox) => inbox.id === id)?.title ??
    apiKeys.data?.items.find((key) => key.id === id)?.name ??
    automations.data?.items.find((automation) => automation.id === id)?.title;
}
