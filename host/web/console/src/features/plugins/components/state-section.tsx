import { Switch } from "@mantine/core";
import type { PluginDetail } from "@omnichat/api-client/types";
import { useTranslation } from "react-i18next";
import { Section } from "~/components/page.tsx";
import { notify, notifyError } from "~/lib/toasts.ts";
import { useSwitchPlugin } from "../api/use-plugin-mutations.ts";
import type { Use } from "../hooks/use-uses.ts";
import { Compiling } from "./compiling.tsx";
import classes from "./plugins.module.css";
import { StateBadge } from "./state-badge.tsx";
import { UseLink } from "./use-link.tsx";

/** On or off, and what that means. What was never approved of starts with an approval, not with a switch. */
export function StateSection({ plugin, uses }: { plugin: PluginDetail; uses: Use[] }) {
  const { t } = useTranslation();
  const change = useSwitchPlugin(plugin.id);
  const turn = (on: boolean): void =>
    change.mutate(on, {
      onSuccess: () =>
        notify(t(on ? "plugins.turned_on" : "plugins.turned_off", { title: plugin.title }), () => turn(!on)),
      onError: (error) => notifyError(error, t("plugins.not_switched")),
    });
  return (
    <Section title={t("plugins.general")} hint={<StateBadge plugin={plugin} />}>
      {plugin.state === "waiting" || plugin.state === "declined" ? (
        <p className={classes.none}>{t(`plugins.not_started.${plugin.state}`)}</p>
      ) : (
        <Switch
          label={t("plugins.enabled")}
          description={t(`plugins.effect.${plugin.kind}`)}
          checked={change.isPending ? change.variables : plugin.enabled}
          onChange={(event) => turn(event.currentTarget.checked)}
        />
      )}
      <Compiling busy={change.isPending && change.variables} />
      {uses.length === 0 ? null : (
        <div>
          <h3 className={classes.subtitle}>{t(`plugins.uses.${plugin.kind}`)}</h3>
          <ul className={classes.links}>
            {uses.map((use) => (
              <li key={use.id}>
                <UseLink kind={plugin.kind} use={use} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </Section>
  );
}
