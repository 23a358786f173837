import { Button } from "@mantine/core";
import { IconFlask, IconPlug, IconPlus } from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ChannelGlyph } from "~/components/avatar.tsx";
import { Page } from "~/components/page.tsx";
import rows from "~/components/rows.module.css";
import { StateLine } from "~/components/state-line.tsx";
import { EmptyState, ErrorState, PageSkeleton } from "~/components/states.tsx";
import { useScenarios } from "~/queries/automations.ts";
import { useChannels, useKindTitles } from "~/queries/channels.ts";
import { useInboxes } from "~/queries/inboxes.ts";
import { useCan } from "~/queries/me.ts";
import { HealthLine } from "./health-line.tsx";

/** The connected channels and how they are. */
export function InboxesPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const manage = useCan()("inboxes.manage");
  const query = useInboxes();
  const bots = useScenarios();
  const kinds = useChannels().data?.items;
  const titleOf = useKindTitles();
  const add = () => void navigate({ to: "/channels/new" });
  return (
    <Page
      title={t("areas.channels")}
      actions={
        manage ? (
          <Button leftSection={<IconPlus size={16} stroke={2} />} onClick={add}>
            {t("channels.add")}
          </Button>
        ) : null
      }
    >
      {query.isPending ? <PageSkeleton /> : null}
      {query.isError ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : null}
      {query.data?.items.length === 0 ? (
        <EmptyState
          icon={<IconPlug size={28} stroke={1.5} />}
          text={t("channels.empty")}
          action={manage ? { label: t("channels.add"), run: add } : undefined}
        />
      ) : null}
      <ul className={rows.rows}>
        {(query.data?.items ?? []).map((inbox) => (
          <li key={inbox.id} className={rows.row} data-testid="inbox-row">
            <ChannelGlyph kind={inbox.kind} size={34} />
            <Link to="/channels/$inboxId" params={{ inboxId: inbox.id }} className={rows.main}>
              <span className={rows.title}>{inbox.title}</span>
              <span className={rows.dim}>
                {[
                  titleOf(inbox.kind),
                  t(`routing.${inbox.routing}`),
                  ...bots.filter((bot) => bot.id === inbox.scenario).map(({ title: name }) => t("channels.bot_first", { name })),
                ].join(" · ")}
              </span>
            </Link>
            <span className={rows.aside}>
              {kinds === undefined || kinds.some((k) => k.kind === inbox.kind) ? (
                <HealthLine inbox={inbox} />
              ) : (
                <StateLine state="failed">{t("channels.plugin_off")}</StateLine>
              )}
            </span>
            {inbox.capabilities.simulate ? (
              <Button
                variant="default"
                leftSection={<IconFlask size={16} stroke={1.7} />}
                onClick={() => void navigate({ to: "/sandbox/$inboxId", params: { inboxId: inbox.id } })}
              >
                {t("sandbox.open")}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </Page>
  );
}
