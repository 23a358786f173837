import { Button } from "@mantine/core";
import { ApiError } from "@omnichat/api-client/error";
import { IconLock, IconTrash, IconUpload } from "@tabler/icons-react";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Markdown } from "~/components/markdown.tsx";
import { Page, Section } from "~/components/page.tsx";
import { EmptyState, ErrorState, PageSkeleton } from "~/components/states.tsx";
import { usePlugin } from "../api/use-plugins.ts";
import { useInstaller } from "../hooks/use-installer.ts";
import { useSettingTitles } from "../hooks/use-setting-titles.ts";
import { useNames, useUses } from "../hooks/use-uses.ts";
import type { PluginDetail } from "@omnichat/api-client/types";
import { DelayBanner } from "./delay-banner.tsx";
import { HealthSection } from "./health-section.tsx";
import incidents from "./incidents.module.css";
import { IncidentsSection } from "./incidents-section.tsx";
import { InstallDialog } from "./install-dialog.tsx";
import { LogSection } from "./log-section.tsx";
import { Metrics } from "./metrics.tsx";
import { RefusalBanner } from "./refusal-banner.tsx";
import { RemoveSection } from "./remove-section.tsx";
import { RightsSection } from "./rights-section.tsx";
import { SetUpButton } from "./set-up-button.tsx";
import { StateSection } from "./state-section.tsx";
import { VersionsSection } from "./versions-section.tsx";
import { WaitingBanner } from "./waiting-banner.tsx";
import banner from "./banner.module.css";

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
  const installer = useInstaller();
  const { uses, known } = useUses(plugin);
  const names = useNames();
  const titles = useSettingTitles(plugin);
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
      actions={known ? <SetUpButton plugin={plugin} uses={uses} /> : null}
    >
      <div className={banner.banners}>
        {plugin.waiting === null ? null : (
          <WaitingBanner key={plugin.waiting.digest} plugin={plugin} waiting={plugin.waiting} titles={titles} />
        )}
        {plugin.delay === null ? null : <DelayBanner plugin={plugin} delay={plugin.delay} />}
        {plugin.refusal === null ? null : (
          <RefusalBanner key={plugin.refusal.digest} plugin={plugin} refusal={plugin.refusal} titles={titles} />
        )}
      </div>
      <StateSection plugin={plugin} uses={uses} />
      {running ? <HealthSection plugin={plugin} names={names} /> : null}
      <RightsSection plugin={plugin} titles={titles} />
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
          <div className={incidents.pair}>
            <IncidentsSection of="faults" kind={plugin.kind} incidents={plugin.faults} names={names} />
            <IncidentsSection of="errors" kind={plugin.kind} incidents={plugin.errors} names={names} />
          </div>
          <LogSection kind={plugin.kind} lines={plugin.log} dropped={plugin.log_dropped} names={names} />
        </>
      ) : null}
      {metrics.length === 0 ? null : (
        <Section title={t("plugins.metrics")}>
          <Metrics metrics={metrics} />
        </Section>
      )}
      {plugin.docs === "" ? null : (
        <Section title={t("plugins.guide")}>
          <Markdown source={plugin.docs} />
        </Section>
      )}
      <RemoveSection plugin={plugin} uses={uses} onRemoved={onBack} />
      <InstallDialog
        installer={installer}
        onInstalled={(installed) => void navigate({ to: "/plugins/$pluginId", params: { pluginId: installed.id } })}
      />
    </Page>
  );
}
