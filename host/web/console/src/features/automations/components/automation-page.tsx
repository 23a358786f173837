import type { Automation, AutomationKind } from "@omnichat/api-client/types";
import { IconTrash } from "@tabler/icons-react";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Markdown } from "~/components/markdown.tsx";
import { Page, Section } from "~/components/page.tsx";
import { PluginLack } from "~/components/plugin-lack.tsx";
import { ConfigSection } from "~/components/schema-form/config-section.tsx";
import { EmptyState, ErrorState, PageSkeleton } from "~/components/states.tsx";
import { useAutomationKinds, useAutomations } from "~/queries/automations.ts";
import { useUpdateAutomation } from "../api/use-automation-mutations.ts";
import { GeneralSection } from "./general-section.tsx";
import { InboxesSection } from "./inboxes-section.tsx";
import { RemoveSection } from "./remove-section.tsx";
import { ToolsSection } from "./tools-section.tsx";

export function AutomationPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { automationId } = useParams({ strict: false });
  const automations = useAutomations();
  const kinds = useAutomationKinds();
  const back = () => void navigate({ to: "/automations" });
  const failed = automations.error ?? kinds.error;
  if (automations.data === undefined || kinds.data === undefined) {
    return failed === null ? (
      <PageSkeleton />
    ) : (
      <ErrorState
        error={failed}
        retry={() => {
          void automations.refetch();
          void kinds.refetch();
        }}
      />
    );
  }
  const automation = automations.data.items.find((a) => a.id === automationId);
  const kind = kinds.data.items.find((k) => k.kind === automation?.kind);
  if (automation === undefined) {
    return (
      <EmptyState
        icon={<IconTrash size={28} stroke={1.5} />}
        text={t("automations.gone")}
        action={{ label: t("automations.back"), run: back }}
      />
    );
  }
  return <Settings key={automation.id} automation={automation} kind={kind} onBack={back} />;
}

interface SettingsProps {
  automation: Automation;
  /** Undefined while the plugin that brings this kind does not run. */
  kind: AutomationKind | undefined;
  onBack: () => void;
}

function Settings({ automation: a, kind, onBack }: SettingsProps) {
  const { t } = useTranslation();
  const update = useUpdateAutomation(a);
  return (
    <Page title={a.title} lead={`${t(`automations.role.${a.role}`)} · ${kind?.title ?? a.kind}`} onBack={onBack}>
      {kind === undefined ? <PluginLack kind={a.kind} effect={t(`automations.plugin_off_effect.${a.role}`)} /> : null}
      <GeneralSection automation={a} />
      {a.role === "scenario" ? <InboxesSection automation={a} /> : null}
      {a.role === "tools" && kind !== undefined ? <ToolsSection tools={a.tools} /> : null}
      {kind === undefined ? null : (
        <>
          <ConfigSection
            title={t("automations.settings")}
            kind={kind}
            stored={a.config}
            readOnly={false}
            busy={update.isPending}
            save={(config) => update.mutateAsync({ config })}
          />
          {kind.docs === "" ? null : (
            <Section title={t("automations.guide")}>
              <Markdown source={kind.docs} />
            </Section>
          )}
        </>
      )}
      <RemoveSection automation={a} onRemoved={onBack} />
    </Page>
  );
}
