import type { AuditEntry } from "@omnichat/api-client/types";
import { Button, Table } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Page } from "~/components/page.tsx";
import { EmptyState, ErrorState, PageSkeleton } from "~/components/states.tsx";
import { TimeLabel } from "~/components/time-label.tsx";
import { useNow } from "~/lib/time.ts";
import { useInboxes } from "~/queries/inboxes.ts";
import { useOperatorNames } from "~/queries/operators.ts";
import { useAudit } from "../api/use-audit.ts";
import { actionKey, describe } from "../describe.ts";
import classes from "./audit.module.css";

/** Who did what, and what was refused to whom. */
export function AuditPage() {
  const { t } = useTranslation();
  const now = useNow();
  const query = useAudit();
  const operators = useOperatorNames();
  const inboxes = useInboxes();
  const entries = query.data?.pages.flatMap((page) => page.items) ?? [];

  const nameOf = (id: string) => operators.get(id)?.name ?? inboxes.data?.items.find((inbox) => inbox.id === id)?.title;
  const who = ({ actor }: AuditEntry) =>
    actor.kind === "system" ? t(`audit.system.${actor.name}`, { defaultValue: t("audit.system.other") }) : actor.name;
  return (
    <Page title={t("areas.audit")} lead={t("audit.lead")} wide>
      {query.isPending ? <PageSkeleton /> : null}
      {query.isError && entries.length === 0 ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : null}
      {query.isSuccess && entries.length === 0 ? (
        <EmptyState icon={<IconHistory size={30} stroke={1.5} />} text={t("audit.empty")} />
      ) : null}
      {entries.length === 0 ? null : (
        <Table.ScrollContainer minWidth={640}>
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
                <Table.Tr key={entry.id} data-testid="audit-row">
                  <Table.Td>
                    <div>{t(actionKey(entry.action), { defaultValue: entry.action })}</div>
                    <div className={classes.details}>
                      {describe(entry)
                        .map(({ key, values }) => t(`audit.detail.${key}`, values))
                        .join(" · ")}
                    </div>
                  </Table.Td>
                  <Table.Td>{who(entry)}</Table.Td>
                  <Table.Td>{nameOf(entry.target) ?? "—"}</Table.Td>
                  <Table.Td className={classes.time}>
                    <TimeLabel at={entry.at} now={now} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {query.hasNextPage ? (
        <Button variant="default" mt="md" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t("common.load_more")}
        </Button>
      ) : null}
    </Page>
  );
}
