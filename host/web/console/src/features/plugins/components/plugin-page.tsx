import { Button } from "@mantine/core";
import { ApiError } from "@omnichat/api-client/error";
import { IconLock, IconPlus, IconTrash, IconUpload } from "@tabler/icons-react";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Markdown } from "~/components/markdown.tsx";
import { Page, Section } from "~/components/page.tsx";
import { EmptyState, ErrorState, PageSkeleton } from "~/components/states.tsx";
import { useInboxes } from "~/queries/inboxes.ts";
import { useCan } from "~/queries/me.ts";
import { usePlugin } from "../api/use-plugins.ts";
import { useInstaller } from "../hooks/use-installer.ts";
import type { PluginDetail } from "@omnichat/api-client/types";
import { FaultsSection } from "./faults-section.tsx";
import { HealthSection } from "./health-section.tsx";
import { InstallDialog } from "./install-dialog.tsx";
import { LogSection } from "./log-section.tsx";
import { Metrics } from "./metrics.tsx";
import { RefusalBanner, WaitingBanner } from "./banners.tsx";
import { RemoveSection } from "./remove-section.tsx";
import { RightsSection } from "./rights-section.tsx";
import { StateSection } from "./state-section.tsx";
import { VersionsSection } from "./versions-section.tsx";
import classes from "./plugins.module.css";

export function PluginPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { pluginId = "" } = useParams({ strict: false });
  const query = usePlugin(pluginId);
  const back = () => void navigate({ to: "/plugins" });
  const status = query.error instanceof ApiError ? query.error.status : null;
  if (status === 403 || status === 404) {
    return (
      <EmptyState
        icon={status === 403 ? <IconLock size={28} stroke={1.5} /> : <IconTrash size={28} stroke={1.5} />}
        text={t(status === 403 ? "plugins.forbidden" : "plugins.gone")}
        action={status === 403 ? undefined : { label: t("plugins.back"), run: back }}
      />
    );
  }
  if (query.data === undefined) {
    return query.isError ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : <PageSkeleton />;
  }
  return <Detail key={query.data.id} plugin={query.data} onBack={back} />;
}

function Detail({ plugin, onBack }: { plugin: PluginDetail; onBack: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const can = useCan();
  const installer = useInstaller();
  const all = useInboxes().data?.items ?? [];
  const inboxes = plugin.kind === "channel" ? all.filter((inbox) => inbox.kind === plugin.id) : [];
  const lead = [
    t(`plugins.kind.${plugin.kind}`),
    ...(plugin.version === null ? [] : [t("plugins.version", { version: plugin.version })]),
  ].join(" · ");
  const metrics = Object.entries(plugin.metrics);
  const running = plugin.state === "running";
  return (
    <Page
      title={plugin.title}
      lead={lead}
      onBack={onBack}
      actions={
        running && plugin.kind === "channel" && can("inboxes.manage") ? (
          <Button
            leftSection={<IconPlus size={16} stroke={2} />}
            onClick={() => void navigate({ to: "/channels/new", search: { kind: plugin.id } })}
          >
            {t("plugins.add_channel")}
          </Button>
        ) : null
      }
    >
      <div className={classes.banners}>
        {plugin.waiting === null ? null : <WaitingBanner plugin={plugin} waiting={plugin.waiting} />}
        {plugin.refusal === null ? null : <RefusalBanner plugin={plugin} refusal={plugin.refusal} />}
      </div>
      <StateSection plugin={plugin} inboxes={inboxes} />
      {running ? <HealthSection plugin={plugin} inboxes={inboxes} /> : null}
      <RightsSection plugin={plugin} />
      <VersionsSection
        plugin={plugin}
        action={
          <Button variant="default" leftSection={<IconUpload size={16} stroke={1.7} />} onClick={installer.open}>
            {t("plugins.upgrade")}
          </Button>
        }
      />
      {running ? (
        <>
          <FaultsSection faults={plugin.faults} inboxes={all} />
          <LogSection lines={plugin.log} dropped={plugin.log_dropped} inboxes={all} />
        </>
      ) : null}
      {metrics.length === 0 ? null : (
        <Section title={t("plugins.metrics")}>
          <Metrics metrics={metrics} />
        </Section>
      )}
      {plugin.docs === "" ? null : (
        <Section title={t(plugin.kind === "channel" ? "plugins.guide" : "plugins.about")}>
          <Markdown source={plugin.docs} />
        </Section>
      )}
      <RemoveSection plugin={plugin} inboxes={inboxes} onRemoved={onBack} />
      <InstallDialog
        installer={installer}
        onInstalled={(installed) => void navigate({ to: "/plugins/$pluginId", params: { pluginId: installed.id } })}
      />
    </Page>
  );
}
