import { useTranslation } from "react-i18next";
import { Section } from "~/components/page.tsx";
import type { PluginDetail } from "@omnichat/api-client/types";
import { HostsList } from "./asks-list.tsx";
import classes from "./plugins.module.css";

/** What was granted: whom it may call, and the secrets that the host fills in for it. */
export function RightsSection({ plugin }: { plugin: PluginDetail }) {
  const { t } = useTranslation();
  const never = plugin.version === null && plugin.waiting !== null;
  return (
    <Section title={t("plugins.rights")} hint={t("plugins.rights_hint")}>
      <div>
        <h3 className={classes.subtitle}>{t("plugins.network")}</h3>
        {plugin.hosts.length === 0 ? (
          <p className={classes.none}>{t(never ? "plugins.nothing_granted" : "plugins.no_network")}</p>
        ) : (
          <HostsList hosts={plugin.hosts} />
        )}
      </div>
      {plugin.state === "running" ? (
        <div>
          <h3 className={classes.subtitle}>{t("plugins.secrets")}</h3>
          {plugin.secrets.length === 0 ? (
            <p className={classes.none}>{t("plugins.no_secrets")}</p>
          ) : (
            <>
              <ul className={classes.chips}>
                {plugin.secrets.map((name) => (
                  <li key={name} className={classes.code}>
                    {name}
                  </li>
                ))}
              </ul>
              <p className={classes.note}>{t("plugins.secrets_hint")}</p>
            </>
          )}
        </div>
      ) : null}
    </Section>
  );
}
