import { Button } from "@mantine/core";
import type { PluginDetail, PluginRefusal } from "@omnichat/api-client/types";
import { IconAlertTriangle, IconHandStop } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { FoldedText } from "~/components/folded-text.tsx";
import { moment } from "~/lib/time.ts";
import { notify, notifyError } from "~/lib/toasts.ts";
import { isReplaced, useApprovePlugin } from "../api/use-plugin-mutations.ts";
import { useOutcome } from "../hooks/use-outcome.ts";
import type { SettingTitles } from "../hooks/use-setting-titles.ts";
import { beyond } from "../rights.ts";
import { Banner } from "./banner.tsx";
import banner from "./banner.module.css";
import { Compiling } from "./compiling.tsx";
import classes from "./plugins.module.css";
import { AsksList } from "./rights-list.tsx";

interface Props {
  plugin: PluginDetail;
  refusal: PluginRefusal;
  titles: SettingTitles;
}

/** Which version does not run, whether the host or a person said no, and what may be done about it. */
export function RefusalBanner({ plugin, refusal, titles }: Props) {
  const { t } = useTranslation();
  const approve = useApprovePlugin();
  const say = useOutcome();
  const { version, digest, reason, at, by } = refusal;
  const declined = by === "person";
  const release = plugin.releases.find((r) => r.digest === digest);
  // Trying again grants nothing new: what it asks for was granted before the host refused it.
  const mayTry = release !== undefined && (declined || (plugin.enabled && release.asks.length === 0));
  const kept = plugin.state === "running" && plugin.digest !== digest ? plugin.version : null;
  return (
    <Banner
      tone={declined ? "plain" : "danger"}
      icon={
        declined ? (
          <IconHandStop size={20} stroke={1.7} aria-hidden="true" />
        ) : (
          <IconAlertTriangle size={20} stroke={1.7} aria-hidden="true" />
        )
      }
      title={t(declined ? "plugins.declined_title" : "plugins.refused_title", { version })}
    >
      {declined ? null : (
        <div className={banner.text}>
          <FoldedText text={reason} />
        </div>
      )}
      <p className={banner.text}>
        <time dateTime={at}>{moment(at)}</time>
        {kept === null ? null : ` · ${t("plugins.refused_kept", { version: kept })}`}
      </p>
      {declined && release !== undefined ? (
        <div>
          <h3 className={classes.subtitle}>{t(plugin.granted === null ? "plugins.asks_for" : "plugins.asks_more")}</h3>
          <AsksList rights={beyond(release.requests, plugin.granted)} titles={titles} />
        </div>
      ) : null}
      {mayTry ? (
        <Button
          variant="default"
          loading={approve.isPending}
          onClick={() =>
            approve.mutate(
              { id: plugin.id, digest },
              {
                onSuccess: (now) =>
                  now.refusal?.digest === digest ? notify(t("plugins.still_refused", { version })) : say(now, refusal),
                onError: (error) =>
                  notifyError(error, t(isReplaced(error) ? "plugins.replaced" : "plugins.not_approved")),
              },
            )
          }
        >
          {t(declined ? "plugins.approve_after_all" : "plugins.try_again")}
        </Button>
      ) : null}
      <Compiling busy={approve.isPending} />
    </Banner>
  );
}
