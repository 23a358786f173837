import { Button } from "@mantine/core";
import { ApiError } from "@omnichat/api-client/error";
import { IconLock, IconPuzzle, IconUpload } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Page } from "~/components/page.tsx";
import rows from "~/components/rows.module.css";
import { EmptyState, ErrorState, PageSkeleton } from "~/components/states.tsx";
import { type Command, useCommands } from "~/lib/commands.ts";
import { usePlugins } from "../api/use-plugins.ts";
import { useInstaller } from "../hooks/use-installer.ts";
import { useNames } from "../hooks/use-uses.ts";
import { InstallDialog } from "./install-dialog.tsx";
import { PluginRow } from "./plugin-row.tsx";

/** What others have written and this host runs, and how it is. */
export function PluginsPage() {
  const { t } = useTranslation();
  const query = usePlugins();
  if (query.error instanceof ApiError && query.error.status === 403) {
    return (
      <Page title={t("areas.plugins")}>
        <EmptyState icon={<IconLock size={28} stroke={1.5} />} text={t("plugins.forbidden")} />
      </Page>
    );
  }
  return <List query={query} />;
}

function List({ query }: { query: ReturnType<typeof usePlugins> }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const installer = useInstaller();
  const names = useNames();
  const { open } = installer;
  const offered = useMemo(
    (): Command[] => [{ id: "plugins-install", title: t("plugins.install"), group: t("areas.plugins"), run: open }],
    // What opens is the same each time.
    [t],
  );
  useCommands("plugins", offered);
  return (
    <Page
      title={t("areas.plugins")}
      lead={t("plugins.lead")}
      actions={
        <Button leftSection={<IconUpload size={16} stroke={2} />} onClick={open}>
          {t("plugins.install")}
        </Button>
      }
    >
      {query.isPending ? <PageSkeleton /> : null}
      {query.isError && query.data === undefined ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : null}
      {query.data?.items.length === 0 ? (
        <EmptyState
          icon={<IconPuzzle size={28} stroke={1.5} />}
          text={t("plugins.empty")}
          action={{ label: t("plugins.install"), run: open }}
        />
      ) : null}
      <ul className={rows.rows}>
        {(query.data?.items ?? []).map((plugin) => (
          <PluginRow key={plugin.id} plugin={plugin} names={names} />
        ))}
      </ul>
      <InstallDialog
        installer={installer}
        onInstalled={(plugin) => void navigate({ to: "/plugins/$pluginId", params: { pluginId: plugin.id } })}
      />
    </Page>
  );
}
