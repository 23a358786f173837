import { Button } from "@mantine/core";
import { IconFlask, IconPlug, IconPlus } from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ChannelGlyph } from "~/components/avatar.tsx";
import { Page } from "~/components/page.tsx";
import { EmptyState, ErrorState, PageSkeleton } from "~/components/states.tsx";
import { useInboxes } from "~/queries/inboxes.ts";
import { useCan } from "~/queries/me.ts";
import { useChannels } from "../api/use-channels.ts";
import { HealthLine } from "./health-line.tsx";
import classes from "./inboxes.module.css";

/** The connected channels and how they are. */
export function InboxesPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const manage = useCan()("inboxes.manage");
  const query = useInboxes();
  const kinds = useChannels().data?.items;
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
      <ul className={classes.rows}>
        {(query.data?.items ?? []).map((inbox) => (
          <li key={inbox.id} className={classes.row} data-testid="inbox-row">
            <ChannelGlyph kind={inbox.kind} size={34} />
            <Link to="/channels/$inboxId" params={{ inboxId: inbox.id }} className={classes.main}>
              <span className={classes.title}>{inbox.title}</span>
              <span className={classes.dim}>
                {t(`channel.${inbox.kind}`, { defaultValue: inbox.kind })} · {t(`routing.${inbox.routing}`)}
              </span>
            </Link>
            {kinds === undefined || kinds.some((k) => k.kind === inbox.kind) ? (
              <HealthLine inbox={inbox} />
            ) : (
              <span className={classes.health} data-state="failed">
                {t("channels.plugin_off")}
              </span>
            )}
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
