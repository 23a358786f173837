import { IconShieldCheck, IconShieldOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { shortKey } from "../health.ts";
import classes from "./plugins.module.css";

/** Who vouches for a plugin, beside the decision about it; bare where that stands on a ground of its own. */
export function Trust({ publisher, bare = false }: { publisher: string | null; bare?: boolean }) {
  const { t } = useTranslation();
  return publisher === null ? (
    <p className={classes.trust} data-signed="false" data-bare={bare}>
      <IconShieldOff size={18} stroke={1.7} aria-hidden="true" />
      <span>
        {t("plugins.unsigned")}. {t("plugins.trust_none")}
      </span>
    </p>
  ) : (
    <p className={classes.trust} data-signed="true" data-bare={bare}>
      <IconShieldCheck size={18} stroke={1.7} aria-hidden="true" />
      <span>
        <span title={publisher}>{t("plugins.signed_by", { key: shortKey(publisher) })}</span>. {t("plugins.trust_first")}
      </span>
    </p>
  );
}
