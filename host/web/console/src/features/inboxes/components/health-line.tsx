import type { Inbox } from "@omnichat/api-client/types";
import { useTranslation } from "react-i18next";
import { StateLine } from "~/components/state-line.tsx";
import { brief, moment, useNow } from "~/lib/time.ts";

/** How the channel was when the host last knew: its own words when it failed, with the time, for they may be old. */
export function HealthLine({ inbox }: { inbox: Inbox }) {
  const { t } = useTranslation();
  const now = useNow();
  const { state, message, checked_at: at } = inbox.health;
  if (!inbox.enabled) return <StateLine state="off">{t("channels.off")}</StateLine>;
  const words = state === "failed" && message !== null ? message : t(`channels.health.${state}`);
  return (
    <StateLine state={state} title={at === null ? undefined : t("channels.checked", { when: moment(at) })}>
      {state === "failed" && at !== null ? `${words} · ${brief(at, now)}` : words}
    </StateLine>
  );
}
