import { Badge, Button, Table } from "@mantine/core";
import { IconShieldCheck } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Page } from "~/components/page.tsx";
import { EmptyState, ErrorState, PageSkeleton } from "~/components/states.tsx";
import { TimeLabel } from "~/components/time-label.tsx";
import { fileSize } from "~/lib/size.ts";
import { useNow } from "~/lib/time.ts";
import { useInboxes } from "~/queries/inboxes.ts";
import { useQuarantine } from "../api/use-quarantine.ts";
import { QuarantinedDialog } from "./quarantined-dialog.tsx";
import classes from "./quarantine.module.css";

/** What came from a channel and could not be understood; nothing of it is lost. */
export function QuarantinePage() {
  const { t } = useTranslation();
  const now = useNow();
  const query = useQuarantine();
  const inboxes = useInboxes();
  const [open, setOpen] = useState<string | null>(null);
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const titleOf = (id: string) => inboxes.data?.items.find((i) => i.id === id)?.title ?? t("quarantine.inbox_gone");
  return (
    <Page title={t("areas.quarantine")} lead={t("quarantine.lead")} wide>
      {query.isPending ? <PageSkeleton /> : null}
      {query.isError && items.length === 0 ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : null}
      {query.isSuccess && items.length === 0 ? (
        <EmptyState icon={<IconShieldCheck size={30} stroke={1.5} />} text={t("quarantine.empty")} />
      ) : null}
      {items.length === 0 ? null : (
        <Table.ScrollContainer minWidth={640}>
          <Table verticalSpacing={10} highlightOnHover className={classes.table}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("quarantine.reason")}</Table.Th>
                <Table.Th>{t("filters.inbox")}</Table.Th>
                <Table.Th>{t("filters.status")}</Table.Th>
                <Table.Th className={classes.number}>{t("quarantine.size")}</Table.Th>
                <Table.Th className={classes.number}>{t("quarantine.received")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map((item) => (
                <Table.Tr key={item.id} data-testid="quarantine-row">
                  <Table.Td>
                    <button type="button" className={classes.open} onClick={() => setOpen(item.id)}>
                      <span className={classes.reason}>{item.reason}</span>
                      <span className={classes.preview}>{item.body_preview}</span>
                    </button>
                  </Table.Td>
                  <Table.Td>{titleOf(item.inbox_id)}</Table.Td>
                  <Table.Td>
                    <Badge variant="light" color={item.state === "held" ? "gray" : "accent"} tt="none" fw={500}>
                      {t(`quarantine.state.${item.state}`)}
                    </Badge>
                  </Table.Td>
                  <Table.Td className={classes.number}>{fileSize(item.size)}</Table.Td>
                  <Table.Td className={classes.number}>
                    <TimeLabel at={item.received_at} now={now} />
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
      {open === null ? null : <QuarantinedDialog id={open} onClose={() => setOpen(null)} />}
    </Page>
  );
}
