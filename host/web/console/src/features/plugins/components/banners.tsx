import { Button } from "@mantine/core";
import { IconAlertTriangle, IconShieldQuestion } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { moment } from "~/lib/time.ts";
import { notify, notifyError } from "~/lib/toasts.ts";
import { useApprovePlugin } from "../api/use-plugin-mutations.ts";
import { useApproval } from "../hooks/use-approval.ts";
import type { PluginDetail, PluginRefusal, PluginWaiting } from "@omnichat/api-client/types";
import { AsksList } from "./asks-list.tsx";
import classes from "./plugins.module.css";
import { Trust } from "./trust.tsx";

/** A version that asks for more than was granted, with the decision. */
export function WaitingBanner({ plugin, waiting }: { plugin: PluginDetail; waiting: PluginWaiting }) {
  const { t } = useTranslation();
  const approve = useApprovePlugin();
  const approved = useApproval();
  return (
    <section className={classes.banner} data-tone="warning" aria-label={t("plugins.waiting_title", { version: waiting.version })}>
      <IconShieldQuestion size={20} stroke={1.7} aria-hidden="true" />
      <div className={classes.bannerBody}>
        <h2 className={classes.bannerTitle}>{t("plugins.waiting_title", { version: waiting.version })}</h2>
        <p className={classes.bannerText}>{t(plugin.version === null ? "plugins.asks_for" : "plugins.asks_more")}</p>
        <AsksList asks={waiting.asks} />
        <Trust publisher={plugin.publisher} />
        <Button
          loading={approve.isPending}
          onClick={() =>
            approve.mutate(
              { id: plugin.id, version: waiting.version },
              {
                onSuccess: (now) => approved(now, waiting.version),
                onError: (error) => notifyError(error, t("plugins.not_approved")),
              },
            )
          }
        >
          {t(plugin.enabled ? "plugins.approve" : "plugins.approve_off")}
        </Button>
      </div>
    </section>
  );
}

/** Why a version does not run, in the host's words, and what runs instead. */
export function RefusalBanner({ plugin, refusal }: { plugin: PluginDetail; refusal: PluginRefusal }) {
  const { t } = useTranslation();
  const approve = useApprovePlugin();
  const approved = useApproval();
  const { version, reason, at } = refusal;
  const release = plugin.releases.find((r) => r.version === version);
  // Trying again grants nothing new: what it asks for was granted before it was refused.
  const mayTry = plugin.enabled && release !== undefined && release.asks.length === 0;
  return (
    <section className={classes.banner} data-tone="danger" aria-label={t("plugins.refused_title", { version })}>
      <IconAlertTriangle size={20} stroke={1.7} aria-hidden="true" />
      <div className={classes.bannerBody}>
        <h2 className={classes.bannerTitle}>{t("plugins.refused_title", { version })}</h2>
        <p className={classes.bannerText}>{reason}</p>
        <p className={classes.bannerText}>
          <time dateTime={at}>{moment(at)}</time>
          {plugin.state === "running" && plugin.version !== null && plugin.version !== version
            ? ` · ${t("plugins.refused_kept", { version: plugin.version })}`
            : null}
        </p>
        {mayTry ? (
          <Button
            mt="sm"
            variant="default"
            loading={approve.isPending}
            onClick={() =>
              approve.mutate(
                { id: plugin.id, version },
                {
                  onSuccess: (now) =>
                    now.refusal === null ? approved(now, version) : notify(t("plugins.still_refused", { version })),
                  onError: (error) => notifyError(error, t("plugins.not_approved")),
                },
              )
            }
          >
            {t("plugins.try_again")}
          </Button>
        ) : null}
      </div>
    </section>
  );
}
