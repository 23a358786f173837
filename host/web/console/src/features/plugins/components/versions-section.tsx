import { Button, Table } from "@mantine/core";
import { IconArrowBackUp, IconArrowForwardUp, IconCopy } from "@tabler/icons-react";
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
import { useOutcome } from "../hooks/use-outcome.ts";
import { compareVersions } from "../versions.ts";
import { Compiling } from "./compiling.tsx";
import type { PluginDetail, PluginRelease, PluginReleaseState } from "@omnichat/api-client/types";
import classes from "./plugins.module.css";

/** The versions that are kept, and the way back. */
export function VersionsSection({ plugin, action }: { plugin: PluginDetail; action: ReactNode }) {
  const { t } = useTranslation();
  const back = useRollBackPlugin(plugin.id);
  const say = useOutcome();
  const previous = plugin.releases.find((release) => release.state === "previous");
  const order = previous === undefined ? 0 : compareVersions(previous.version, plugin.version ?? previous.version);
  const way = order === 0 ? "other" : order < 0 ? "back" : "on";
  const rollBack = (to: PluginRelease): void =>
    back.mutate(undefined, {
      onSuccess: (now) => say(now, to),
      onError: (error) => notifyError(error, t("plugins.not_rolled_back")),
    });
  return (
    <WideSection
      title={t("plugins.versions")}
      actions={
        <>
          {previous === undefined ? null : (
            <Button
              variant="default"
              leftSection={
                way === "on" ? <IconArrowForwardUp size={16} stroke={1.7} /> : <IconArrowBackUp size={16} stroke={1.7} />
              }
              loading={back.isPending}
              onClick={() => rollBack(previous)}
            >
              {t(`plugins.roll.${way}`, { version: previous.version })}
            </Button>
          )}
          {action}
        </>
      }
    >
      <Compiling busy={back.isPending} />
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
              <ReleaseRow key={release.digest} plugin={plugin} release={release} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </WideSection>
  );
}

function ReleaseRow({ plugin, release: r }: { plugin: PluginDetail; release: PluginRelease }) {
  const { t } = useTranslation();
  const mark = markOf(plugin, r);
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
            <span className={classes.badge} data-state={tones[mark]} title={r.refusal?.reason}>
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

type Mark = Exclude<PluginReleaseState, "active" | "kept"> | "runs" | "last";

const tones: Record<Mark, string> = {
  runs: "running",
  last: "disabled",
  trying: "waiting",
  previous: "disabled",
  waiting: "waiting",
  declined: "declined",
  refused: "failed",
};

/** What a file is to the plugin; two files may bear the same number. */
function markOf(plugin: PluginDetail, { digest, state }: PluginRelease): Mark | null {
  if (plugin.state === "running" && plugin.digest === digest) return "runs";
  if (state === "active") return "last";
  return state === "kept" ? null : state;
}
