import type { PluginDetail } from "@omnichat/api-client/types";
import { useTranslation } from "react-i18next";
import { Section } from "~/components/page.tsx";
import type { SettingTitles } from "../hooks/use-setting-titles.ts";
import classes from "./plugins.module.css";
import { FiguresList, HostsList } from "./rights-list.tsx";
import { SecretsList } from "./secrets-list.tsx";

/** What was granted: whom it may call, how far it may go, and the secrets that the host fills in for it. */
export function RightsSection({ plugin, titles }: { plugin: PluginDetail; titles: SettingTitles }) {
  const { t } = useTranslation();
  const { granted } = plugin;
  if (granted === null) {
    return (
      <Section title={t("plugins.rights")} hint={t("plugins.rights_hint")}>
        <p className={classes.none}>{t("plugins.nothing_granted")}</p>
      </Section>
    );
  }
  return (
    <Section title={t("plugins.rights")} hint={t("plugins.rights_hint")}>
      <div>
        <h3 className={classes.subtitle}>{t("plugins.network")}</h3>
        {granted.hosts.length === 0 ? (
          <p className={classes.none}>{t("plugins.no_network")}</p>
        ) : (
          <HostsList hosts={granted.hosts} titles={titles} />
        )}
      </div>
      <div>
        <h3 className={classes.subtitle}>{t("plugins.limits")}</h3>
        <FiguresList rights={granted} />
      </div>
      {plugin.state === "running" ? (
        <div>
          <h3 className={classes.subtitle}>{t("plugins.secrets")}</h3>
          <SecretsList secrets={plugin.secrets} />
        </div>
      ) : null}
    </Section>
  );
}
