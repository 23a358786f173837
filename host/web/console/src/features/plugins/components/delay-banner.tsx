import type { PluginDelay, PluginDetail } from "@omnichat/api-client/types";
import { IconClockPause } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { FoldedText } from "~/components/folded-text.tsx";
import { useNumber } from "~/lib/numbers.ts";
import { clock, moment } from "~/lib/time.ts";
import { Banner } from "./banner.tsx";
import banner from "./banner.module.css";

/** What keeps a version from starting for the time being. It needs nobody: the host tries again by itself. */
export function DelayBanner({ plugin, delay }: { plugin: PluginDetail; delay: PluginDelay }) {
  const { t } = useTranslation();
  const number = useNumber();
  const { version, reason, since, attempts, next_at: next } = delay;
  const kept = plugin.state === "running" ? plugin.version : null;
  return (
    <Banner
      tone="warning"
      icon={<IconClockPause size={20} stroke={1.7} aria-hidden="true" />}
      title={t("plugins.delay_title", { version })}
    >
      <div className={banner.text}>
        <FoldedText text={reason} />
      </div>
      <p className={banner.text}>
        {t("plugins.delay_tried", { count: attempts, n: number(attempts), since: moment(since), next: clock(next) })}
        {kept === null ? null : ` ${t("plugins.refused_kept", { version: kept })}`}
      </p>
    </Banner>
  );
}
