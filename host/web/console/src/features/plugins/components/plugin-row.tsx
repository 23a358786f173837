import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import rows from "~/components/rows.module.css";
import { useNumber } from "~/lib/numbers.ts";
import { shortKey, tally } from "../health.ts";
import type { Plugin } from "@omnichat/api-client/types";
import { KindGlyph } from "./kind-glyph.tsx";
import classes from "./plugins.module.css";
import { StateBadge } from "./state-badge.tsx";

/** A plugin in the list: what it is, how it is, who made it. */
export function PluginRow({ plugin }: { plugin: Plugin }) {
  const { t } = useTranslation();
  const version = plugin.version ?? plugin.waiting?.version ?? plugin.refusal?.version;
  const about = [
    t(`plugins.kind.${plugin.kind}`),
    version,
    plugin.publisher === null ? t("plugins.unsigned") : t("plugins.signed_by", { key: shortKey(plugin.publisher) }),
  ];
  return (
    <li className={rows.row} data-testid="plugin-row">
      <KindGlyph kind={plugin.kind} />
      <Link to="/plugins/$pluginId" params={{ pluginId: plugin.id }} className={rows.main}>
        <span className={rows.title}>{plugin.title}</span>
        <span className={rows.dim}>{about.filter(Boolean).join(" · ")}</span>
      </Link>
      <span className={classes.standing}>
        {plugin.state === "running" ? <Glance plugin={plugin} /> : null}
        <span className={classes.badges}>
          {plugin.waiting === null || plugin.state === "waiting" ? null : (
            <span className={classes.badge} data-state="waiting">
              {t("plugins.update_waits", { version: plugin.waiting.version })}
            </span>
          )}
          <StateBadge state={plugin.state} />
        </span>
      </span>
    </li>
  );
}

/** Calls and faults; an open breaker before both. */
function Glance({ plugin }: { plugin: Plugin }) {
  const { t } = useTranslation();
  const number = useNumber();
  const { calls, faults } = tally(plugin.health);
  const paused = plugin.health.open_breakers.length;
  return (
    <span className={classes.glance}>
      {paused === 0 ? null : (
        <span className={classes.bad}>{t("plugins.paused", { n: number(paused) })}</span>
      )}
      <span>
        {calls === 0 ? t("plugins.no_calls") : t("plugins.calls", { count: calls, n: number(calls) })}
        {faults === 0 ? null : (
          <>
            {" · "}
            <span className={classes.bad}>{t("plugins.faults", { count: faults, n: number(faults) })}</span>
          </>
        )}
      </span>
    </span>
  );
}
