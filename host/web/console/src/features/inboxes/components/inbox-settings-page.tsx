import { Button } from "@mantine/core";
import type { ChannelKind, Inbox } from "@omnichat/api-client/types";
import { IconFlask, IconTrash } from "@tabler/icons-react";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Confirm } from "~/components/confirm.tsx";
import { Markdown } from "~/components/markdown.tsx";
import { ConfigSection } from "~/components/schema-form/config-section.tsx";
import { Page, Section } from "~/components/page.tsx";
import { PluginLack } from "~/components/plugin-lack.tsx";
import { EmptyState, ErrorState, PageSkeleton } from "~/components/states.tsx";
import { notify, notifyError } from "~/lib/toasts.ts";
import { useChannels, useKindTitles } from "~/queries/channels.ts";
import { useInboxes } from "~/queries/inboxes.ts";
import { useCan } from "~/queries/me.ts";
import { useDeleteInbox, useTestInbox, useUpdateInbox } from "../api/use-inbox-mutations.ts";
import { ConnectionSection } from "./connection-section.tsx";
import { GeneralSection } from "./general-section.tsx";
import { SnippetSection } from "./snippet-section.tsx";
import { VisitorsSection } from "./visitors-section.tsx";
import { WebhookSection } from "./webhook-section.tsx";

export function InboxSettingsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { inboxId } = useParams({ strict: false });
  const inboxes = useInboxes();
  const channels = useChannels();
  const back = () => void navigate({ to: "/channels" });
  const failed = inboxes.error ?? channels.error;
  if (inboxes.data === undefined || channels.data === undefined) {
    return failed === null ? (
      <PageSkeleton />
    ) : (
      <ErrorState
        error={failed}
        retry={() => {
          void inboxes.refetch();
          void channels.refetch();
        }}
      />
    );
  }
  const inbox = inboxes.data.items.find((i) => i.id === inboxId);
  const kind = channels.data.items.find((k) => k.kind === inbox?.kind);
  if (inbox === undefined) {
    return (
      <EmptyState
        icon={<IconTrash size={28} stroke={1.5} />}
        text={t("channels.gone")}
        action={{ label: t("channels.back"), run: back }}
      />
    );
  }
  return <Settings key={inbox.id} inbox={inbox} kind={kind} onBack={back} />;
}

interface SettingsProps {
  inbox: Inbox;
  /** Undefined while the plugin that brings this kind of channel does not run. */
  kind: ChannelKind | undefined;
  onBack: () => void;
}

function Settings({ inbox, kind, onBack }: SettingsProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const can = useCan();
  const manage = can("inboxes.manage");
  const update = useUpdateInbox(inbox);
  const test = useTestInbox(inbox.id);
  const titleOf = useKindTitles();
  const remove = useDeleteInbox();
  const [confirming, setConfirming] = useState(false);
  return (
    <Page
      title={inbox.title}
      lead={titleOf(inbox.kind)}
      onBack={onBack}
      actions={
        inbox.capabilities.simulate ? (
          <Button
            variant="default"
            leftSection={<IconFlask size={16} stroke={1.7} />}
            onClick={() => void navigate({ to: "/sandbox/$inboxId", params: { inboxId: inbox.id } })}
          >
            {t("sandbox.open")}
          </Button>
        ) : null
      }
    >
      {kind === undefined ? <PluginLack kind={inbox.kind} effect={t("channels.plugin_off_effect")} /> : null}
      <GeneralSection inbox={inbox} readOnly={!manage} />
      {inbox.kind === "widget" ? <SnippetSection inbox={inbox} /> : null}
      {kind === undefined ? null : (
        <>
          <ConfigSection
            title={t("channels.settings")}
            kind={kind}
            stored={inbox.config}
            readOnly={!manage}
            busy={update.isPending}
            save={async (config) => {
              await update.mutateAsync({ config });
              // What was known of the connection is forgotten with the old settings.
              if (inbox.enabled) test.mutate();
            }}
          />
          <ConnectionSection inbox={inbox} readOnly={!manage} />
          {inbox.capabilities.webhook || inbox.webhook_url !== null ? (
            <WebhookSection inbox={inbox} readOnly={!manage} />
          ) : null}
          <Section title={t("channels.guide")}>
            <Markdown source={kind.docs} />
          </Section>
        </>
      )}
      {manage && inbox.kind === "widget" ? <VisitorsSection inbox={inbox} /> : null}
      {manage ? (
        <Section title={t("channels.delete")} hint={t("channels.delete_hint")}>
          <div>
            <Button color="red" variant="light" leftSection={<IconTrash size={16} stroke={1.7} />} onClick={() => setConfirming(true)}>
              {t("channels.delete")}
            </Button>
          </div>
        </Section>
      ) : null}
      <Confirm
        opened={confirming}
        title={t("channels.delete_title", { title: inbox.title })}
        text={t("channels.delete_text")}
        action={t("channels.delete")}
        busy={remove.isPending}
        onClose={() => setConfirming(false)}
        onConfirm={() =>
          remove.mutate(inbox.id, {
            onSuccess: () => {
              notify(t("channels.deleted", { title: inbox.title }));
              onBack();
            },
            onError: (error) => {
              setConfirming(false);
              notifyError(error, t("channels.not_deleted"));
            },
          })
        }
      />
    </Page>
  );
}
