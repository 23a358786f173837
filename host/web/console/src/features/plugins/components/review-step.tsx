import { Button, Group } from "@mantine/core";
import type { Plugin, PluginWaiting } from "@omnichat/api-client/types";
import { useTranslation } from "react-i18next";
import { isReplaced, useApprovePlugin, useFreshPlugin } from "../api/use-plugin-mutations.ts";
import { useOutcome } from "../hooks/use-outcome.ts";
import { useSettingTitles } from "../hooks/use-setting-titles.ts";
import { beyond } from "../rights.ts";
import { Compiling } from "./compiling.tsx";
import classes from "./plugins.module.css";
import { Problem } from "./problem.tsx";
import { AsksList, HostsList } from "./rights-list.tsx";
import { SecretsList } from "./secrets-list.tsx";
import { Trust } from "./trust.tsx";

interface Props {
  plugin: Plugin;
  waiting: PluginWaiting;
  /** After the decision. */
  onDone: (plugin: Plugin) => void;
  /** The file was replaced meanwhile: this is what is asked now. */
  onReplaced: (plugin: Plugin) => void;
}

/** What a version that has come asks for, and the decision. */
export function ReviewStep({ plugin, waiting, onDone, onReplaced }: Props) {
  const { t } = useTranslation();
  const approve = useApprovePlugin();
  const fresh = useFreshPlugin();
  const say = useOutcome();
  const titles = useSettingTitles(plugin);
  const first = plugin.granted === null;
  const known = plugin.granted?.hosts.filter((host) => waiting.hosts.includes(host)) ?? [];
  return (
    <div className={classes.steps}>
      {approve.error === null ? null : (
        <Problem title={t(isReplaced(approve.error) ? "plugins.replaced" : "plugins.not_approved")} error={approve.error} />
      )}
      <p className={classes.note}>
        {t(`plugins.kind.${plugin.kind}`)} · {waiting.version}.{" "}
        {t(plugin.version === null ? "plugins.review_first" : "plugins.review_next", { version: waiting.version })}
      </p>
      {plugin.kind === "channel" ? null : <p className={classes.note}>{t(`plugins.effect.${plugin.kind}`)}</p>}
      <div>
        <h3 className={classes.subtitle}>{t(first ? "plugins.asks_for" : "plugins.asks_more")}</h3>
        <AsksList rights={beyond(waiting.requests, plugin.granted)} titles={titles} />
      </div>
      {known.length === 0 ? null : (
        <div>
          <h3 className={classes.subtitle}>{t("plugins.has_already")}</h3>
          <HostsList hosts={known} titles={titles} />
        </div>
      )}
      <div>
        <h3 className={classes.subtitle}>{t("plugins.secrets")}</h3>
        <SecretsList secrets={waiting.secrets} />
      </div>
      <Trust publisher={waiting.signed_by} />
      <Compiling busy={approve.isPending} />
      <Group justify="flex-end" gap="sm">
        {/* The button that was pressed is gone; what grants nothing takes the focus. */}
        <Button variant="default" autoFocus disabled={approve.isPending} onClick={() => onDone(plugin)}>
          {t("plugins.not_now")}
        </Button>
        <Button
          loading={approve.isPending}
          onClick={() =>
            approve.mutate(
              { id: plugin.id, digest: waiting.digest },
              {
                onSuccess: (now) => {
                  say(now, waiting);
                  onDone(now);
                },
                onError: (error) => {
                  if (isReplaced(error)) void fresh(plugin.id).then(onReplaced);
                },
              },
            )
          }
        >
          {t(plugin.enabled ? "plugins.approve" : "plugins.approve_off")}
        </Button>
      </Group>
    </div>
  );
}
