import { Button, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useApprovePlugin } from "../api/use-plugin-mutations.ts";
import { useApproval } from "../hooks/use-approval.ts";
import type { Plugin } from "@omnichat/api-client/types";
import { AsksList, HostsList } from "./asks-list.tsx";
import classes from "./plugins.module.css";
import { Problem } from "./problem.tsx";
import { Trust } from "./trust.tsx";

interface Props {
  plugin: Plugin;
  onDone: (plugin: Plugin) => void;
}

/** What a version that has come asks for, and the decision. */
export function ReviewStep({ plugin, onDone }: Props) {
  const { t } = useTranslation();
  const approve = useApprovePlugin();
  const approved = useApproval();
  const { waiting } = plugin;
  if (waiting === null) return null;
  const first = plugin.version === null;
  const known = plugin.hosts.filter((host) => waiting.hosts.includes(host));
  return (
    <div className={classes.steps}>
      {approve.error === null ? null : <Problem title={t("plugins.not_approved")} error={approve.error} />}
      <p className={classes.note}>
        {t(`plugins.kind.${plugin.kind}`)} · {waiting.version}.{" "}
        {t(first ? "plugins.review_first" : "plugins.review_next", { version: waiting.version })}
      </p>
      {plugin.kind === "channel" ? null : <p className={classes.note}>{t(`plugins.effect.${plugin.kind}`)}</p>}
      <div>
        <h3 className={classes.subtitle}>{t(first ? "plugins.asks_for" : "plugins.asks_more")}</h3>
        <AsksList asks={waiting.asks} />
      </div>
      {first || known.length === 0 ? null : (
        <div>
          <h3 className={classes.subtitle}>{t("plugins.has_already")}</h3>
          <HostsList hosts={known} />
        </div>
      )}
      <Trust publisher={plugin.publisher} />
      <Group justify="flex-end" gap="sm">
        {/* The button that was pressed is gone; what grants nothing takes the focus. */}
        <Button variant="default" autoFocus disabled={approve.isPending} onClick={() => onDone(plugin)}>
          {t("plugins.not_now")}
        </Button>
        <Button
          loading={approve.isPending}
          onClick={() =>
            approve.mutate(
              { id: plugin.id, version: waiting.version },
              {
                onSuccess: (now) => {
                  approved(now, waiting.version);
                  onDone(now);
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
