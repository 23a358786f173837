import type { PluginDetail } from "@omnichat/api-client/types";
import { useTranslation } from "react-i18next";
import { Section } from "~/components/page.tsx";
import { useNumber } from "~/lib/numbers.ts";
import { fileSize } from "~/lib/size.ts";
import { clock } from "~/lib/time.ts";
import { tally, troubles } from "../health.ts";
import type { Names } from "../hooks/use-uses.ts";
import classes from "./plugins.module.css";

/** How the calls went, and what is paused. */
export function HealthSection({ plugin, names }: { plugin: PluginDetail; names: Names }) {
  const { t } = useTranslation();
  const number = useNumber();
  const { health } = plugin;
  const { calls, faults } = tally(health);
  const bad = troubles(health);
  const figures = [
    ["calls", number(calls)],
    ["faults", number(faults)],
    ["requests", number(health.http_requests)],
    ["memory", health.peak_memory_bytes === 0 ? "—" : fileSize(health.peak_memory_bytes)],
    ["cpu", cpu(health.cpu_ms)],
  ] as const;
  return (
    <Section title={t("plugins.health")} hint={t("plugins.health_hint")}>
      {health.paused.length === 0 ? null : (
        <div className={classes.warn} role="status">
          {health.paused.map(({ account, until }) => (
            <p key={account} className={classes.pause}>
              {t("plugins.paused_for", {
                name: names.get(account) ?? t(`plugins.gone_use.${plugin.kind}`),
                time: clock(until),
              })}
            </p>
          ))}
          <p className={classes.pause}>{t(`plugins.pause_hint.${plugin.kind}`)}</p>
        </div>
      )}
      <dl className={classes.figures}>
        {figures.map(([name, value]) => (
          <div key={name} data-bad={name === "faults" && faults > 0}>
            <dt>{t(`plugins.figure.${name}`)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {bad.length === 0 ? null : (
        <dl className={classes.metrics}>
          {bad.map(([outcome, count]) => (
            <div key={outcome} className={classes.metric}>
              <dt>{t(`plugins.outcome.${outcome}`, { defaultValue: outcome })}</dt>
              <dd>{number(count)}</dd>
            </div>
          ))}
        </dl>
      )}
    </Section>
  );

  function cpu(ms: number): string {
    const [unit, length] = ms < 1000 ? ["milliseconds", 1] : ms < 60_000 ? ["seconds", 1000] : ["minutes", 60_000];
    return t(`plugins.unit.${unit}`, { n: number(ms / length, { maximumFractionDigits: 1 }) });
  }
}
