import type { Inbox } from "@omnichat/api-client/types";
import { useTranslation } from "react-i18next";
import { StateLine } from "~/components/state-line.tsx";
import { moment } from "~/lib/time.ts";

/** How the channel is: the host's own words when it failed. */
export function HealthLine({ inbox }: { inbox: Inbox }) {
  const { t } = useTranslation();
  const { state, message, checked_at: checkedAt } = inbox.health;
  if (!inbox.enabled) return <StateLine state="off">{t("channels.off")}</StateLine>;
  return (
    <StateLine
      state={state}
      title={checkedAt === null ? undefined : t("channels.checked", { when: moment(checkedAt) })}
    >
      {state === "failed" && message !== null ? message : t(`channels.health.${state}`)}
    </StateLine>
  );
}
