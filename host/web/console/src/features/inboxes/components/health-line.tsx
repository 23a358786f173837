import type { Inbox } from "@omnichat/api-client/types";
import { useTranslation } from "react-i18next";
import { moment } from "~/lib/time.ts";
import classes from "./inboxes.module.css";

/** How the channel is: the host's own words when it failed. */
export function HealthLine({ inbox }: { inbox: Inbox }) {
  const { t } = useTranslation();
  const { state, message, checked_at: checkedAt } = inbox.health;
  if (!inbox.enabled) return <span className={classes.health}>{t("channels.off")}</span>;
  return (
    <span
      className={classes.health}
      data-state={state}
      title={checkedAt === null ? undefined : t("channels.checked", { when: moment(checkedAt) })}
    >
      {state === "failed" && message !== null ? message : t(`channels.health.${state}`)}
    </span>
  );
}
