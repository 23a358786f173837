import { Button, Group } from "@mantine/core";
import type { PluginDetail, PluginWaiting } from "@omnichat/api-client/types";
import { IconShieldQuestion } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Confirm } from "~/components/confirm.tsx";
import { notify, notifyError } from "~/lib/toasts.ts";
import { isReplaced, useApprovePlugin, useDeclinePlugin } from "../api/use-plugin-mutations.ts";
import { useOutcome } from "../hooks/use-outcome.ts";
import type { SettingTitles } from "../hooks/use-setting-titles.ts";
import { beyond } from "../rights.ts";
import { Banner } from "./banner.tsx";
import { Compiling } from "./compiling.tsx";
import classes from "./plugins.module.css";
import { AsksList } from "./rights-list.tsx";
import { SecretsList } from "./secrets-list.tsx";
import { Trust } from "./trust.tsx";

interface Props {
  plugin: PluginDetail;
  waiting: PluginWaiting;
  titles: SettingTitles;
}

/** A version that asks for more than was granted, with the decision. */
export function WaitingBanner({ plugin, waiting, titles }: Props) {
  const { t } = useTranslation();
  const approve = useApprovePlugin();
  const decline = useDeclinePlugin();
  const say = useOutcome();
  const [confirming, setConfirming] = useState(false);
  const { version, digest } = waiting;
  const failed = (error: unknown, what: string) => notifyError(error, isReplaced(error) ? t("plugins.replaced") : what);
  return (
    <Banner
      tone="warning"
      icon={<IconShieldQuestion size={20} stroke={1.7} aria-hidden="true" />}
      title={t("plugins.waiting_title", { version })}
    >
      <div>
        <h3 className={classes.subtitle}>{t(plugin.granted === null ? "plugins.asks_for" : "plugins.asks_more")}</h3>
        <AsksList rights={beyond(waiting.requests, plugin.granted)} titles={titles} />
      </div>
      <div>
        <h3 className={classes.subtitle}>{t("plugins.secrets")}</h3>
        <SecretsList secrets={waiting.secrets} />
      </div>
      <Trust publisher={waiting.signed_by} bare />
      <Group gap="sm">
        <Button
          loading={approve.isPending}
          disabled={decline.isPending}
          onClick={() =>
            approve.mutate(
              { id: plugin.id, digest },
              {
                onSuccess: (now) => say(now, waiting),
                onError: (error) => failed(error, t("plugins.not_approved")),
              },
            )
          }
        >
          {t(plugin.enabled ? "plugins.approve" : "plugins.approve_off")}
        </Button>
        <Button variant="default" disabled={approve.isPending || decline.isPending} onClick={() => setConfirming(true)}>
          {t("plugins.decline")}
        </Button>
      </Group>
      <Compiling busy={approve.isPending} />
      <Confirm
        opened={confirming}
        title={t("plugins.decline_title", { version })}
        text={t(plugin.state === "running" ? "plugins.decline_kept" : "plugins.decline_text", { version: plugin.version })}
        action={t("plugins.decline")}
        busy={decline.isPending}
        onClose={() => setConfirming(false)}
        onConfirm={() =>
          decline.mutate(
            { id: plugin.id, digest },
            {
              onSuccess: () => notify(t("plugins.declined", { title: plugin.title, version })),
              onError: (error) => failed(error, t("plugins.not_declined")),
              onSettled: () => setConfirming(false),
            },
          )
        }
      />
    </Banner>
  );
}
