import { useTranslation } from "react-i18next";
import { useMe } from "~/queries/me.ts";
import { useSetStatus } from "../api/use-set-status.ts";
import classes from "./profile.module.css";

/** Reminds somebody who is away that routing passes them by, with the way back. */
export function AwayNotice() {
  const { t } = useTranslation();
  const { status } = useMe().operator;
  const setStatus = useSetStatus();
  if (status === "online") return null;
  return (
    <div className={classes.away} role="status">
      <span>{t(`profile.away.${status}`)}</span>
      <button type="button" className={classes.return} onClick={() => setStatus.mutate("online")}>
        {t("profile.go_online")}
      </button>
    </div>
  );
}
