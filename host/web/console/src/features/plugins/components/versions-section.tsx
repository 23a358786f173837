import { Button, Table } from "@mantine/core";
import { IconArrowBackUp, IconCopy } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "~/components/icon-button.tsx";
import { WideSection } from "~/components/wide-section.tsx";
import { copyText } from "~/lib/clipboard.ts";
import { fileSize } from "~/lib/size.ts";
import { exact, moment } from "~/lib/time.ts";
import { notify, notifyError } from "~/lib/toasts.ts";
import { useRollBackPlugin } from "../api/use-plugin-mutations.ts";
import { shortKey } from "../health.ts";
import type { PluginDetail, PluginRelease } from "@omnichat/api-client/types";
import classes from "./plugins.module.css";

/** The versions that are kept, and the way back. */
export function VersionsSection({ plugin, action }: { plugin: PluginDetail; action: ReactNode }) {
  const { t } = useTranslation();
  const back = useRollBackPlugin(plugin.id);
  const previous = plugin.previous_version;
  const rollBack = (): void =>
    back.mutate(undefined, {
      onSuccess: (now) => {
        // One that cannot run any more says so in its refusal.
        if (now.refusal === null) notify(t("plugins.rolled_back", { title: now.title, version: now.version ?? "" }));
      },
      onError: (error) => notifyError(error, t("plugins.not_rolled_back")),
    });
  return (
    <WideSection
      title={t("plugins.versions")}
      actions={
        <>
          {previous === null ? null : (
            <Button
              variant="default"
              leftSection={<IconArrowBackUp size={16} stroke={1.7} />}
              loading={back.isPending}
              onClick={rollBack}
            >
              {t("plugins.roll_back", { version: previous })}
            </Button>
          )}
          {action}
        </>
      }
    >
      <Table.ScrollContainer minWidth={620}>
        <Table verticalSpacing={8} className={classes.table}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("plugins.column.version")}</Table.Th>
              <Table.Th>{t("plugins.column.installed")}</Table.Th>
              <Table.Th>{t("plugins.column.signed")}</Table.Th>
              <Table.Th>{t("plugins.column.digest")}</Table.Th>
              <Table.Th className={classes.number}>{t("plugins.column.size")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {plugin.releases.map((release) => (
              <ReleaseRow key={release.version} plugin={plugin} release={release} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </WideSection>
  );
}

function ReleaseRow({ plugin, release: r }: { plugin: PluginDetail; release: PluginRelease }) {
  const { t } = useTranslation();
  const mark = markOf(plugin, r.version);
  const copy = () =>
    copyText(r.digest).then(
      () => notify(t("common.copied")),
      (error: unknown) => notifyError(error, t("common.copy_failed")),
    );
  return (
    <Table.Tr data-testid="release-row">
      <Table.Td>
        <span className={classes.version}>
          {r.version}
          {mark === null ? null : (
            <span className={classes.badge} data-state={tones[mark]}>
              {t(`plugins.mark.${mark}`)}
            </span>
          )}
        </span>
      </Table.Td>
      <Table.Td>
        <time dateTime={r.installed_at} title={exact(r.installed_at)}>
          {moment(r.installed_at)}
        </time>
      </Table.Td>
      <Table.Td title={r.signed_by ?? undefined}>
        {r.signed_by === null ? (
          <span className={classes.dim}>{t("plugins.unsigned")}</span>
        ) : (
          <span className={classes.code}>{shortKey(r.signed_by)}</span>
        )}
      </Table.Td>
      <Table.Td>
        <span className={classes.digest} title={r.digest}>
          <span className={classes.code}>{r.digest.slice(0, 12)}</span>
          <IconButton label={t("plugins.copy_digest", { version: r.version })} size={28} onClick={() => void copy()}>
            <IconCopy size={16} stroke={1.7} />
          </IconButton>
        </span>
      </Table.Td>
      <Table.Td className={classes.number}>{fileSize(r.size)}</Table.Td>
    </Table.Tr>
  );
}

type Mark = "active" | "last" | "previous" | "waiting" | "refused";

const tones: Record<Mark, string> = {
  active: "running",
  last: "disabled",
  previous: "disabled",
  waiting: "waiting",
  refused: "failed",
};

function markOf(plugin: PluginDetail, version: string): Mark | null {
  if (plugin.version === version && plugin.state === "running") return "active";
  if (plugin.refusal?.version === version) return "refused";
  if (plugin.version === version) return "last";
  if (plugin.waiting?.version === version) return "waiting";
  return plugin.previous_version === version ? "previous" : null;
}
