import { useTranslation } from "react-i18next";
import classes from "./plugins.module.css";

/** The secrets of a plugin's settings, by name; null while this host has not asked the plugin. */
export function SecretsList({ secrets }: { secrets: string[] | null }) {
  const { t } = useTranslation();
  if (secrets === null) return <p className={classes.none}>{t("plugins.secrets_unknown")}</p>;
  if (secrets.length === 0) return <p className={classes.none}>{t("plugins.no_secrets")}</p>;
  return (
    <>
      <ul className={classes.chips}>
        {secrets.map((name) => (
          <li key={name} className={classes.code}>
            {name}
          </li>
        ))}
      </ul>
      <p className={classes.note}>{t("plugins.secrets_hint")}</p>
    </>
  );
}
