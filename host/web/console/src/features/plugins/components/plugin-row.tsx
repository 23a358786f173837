import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import rows from "~/components/rows.module.css";
import { useNumber } from "~/lib/numbers.ts";
import { clock } from "~/lib/time.ts";
import { shortKey, tally } from "../health.ts";
import type { Names } from "../hooks/use-uses.ts";
import type { Plugin } from "@omnichat/api-client/types";
import { KindGlyph } from "./kind-glyph.tsx";
import classes from "./plugins.module.css";
import { StateBadge } from "./state-badge.tsx";

/** A plugin in the list: what it is, how it is, who made it. */
export function PluginRow({ plugin, names }: { plugin: Plugin; names: Names }) {
  const { t } = useTranslation();
  const version = plugin.version ?? plugin.waiting?.version ?? plugin.refusal?.version;
  const about = [
    t(`plugins.kind.${plugin.kind}`),
    version,
    plugin.publisher === null ? t("plugins.unsigned") : t("plugins.signed_by", { key: shortKey(plugin.publisher) }),
  ];
  const newest = newestOf(plugin);
  return (
    <li className={rows.row} data-testid="plugin-row">
      <KindGlyph kind={plugin.kind} />
      <Link to="/plugins/$pluginId" params={{ pluginId: plugin.id }} className={rows.main}>
        <span className={rows.title}>{plugin.title}</span>
        <span className={rows.dim}>{about.filter(Boolean).join(" · ")}</span>
      </Link>
      <span className={classes.standing}>
        {plugin.state === "running" ? <Glance plugin={plugin} names={names} /> : null}
        <span className={classes.badges}>
          {newest === null ? null : (
            <span className={classes.badge} data-state={newest.tone}>
              {t(`plugins.newest.${newest.is}`, { version: newest.version })}
            </span>
          )}
          <StateBadge plugin={plugin} />
        </span>
      </span>
    </li>
  );
}

/** What became of a version that does not run yet, or was not let in, beside the one that the state is about. */
function newestOf({ state, waiting, refusal, delay }: Plugin) {
  if (waiting !== null) return state === "waiting" ? null : { is: "waits", tone: "waiting", version: waiting.version };
  if (delay !== null && state !== "starting") return { is: "delayed", tone: "waiting", version: delay.version };
  if (refusal === null || state === "failed" || state === "declined") return null;
  return refusal.by === "person"
    ? { is: "declined", tone: "declined", version: refusal.version }
    : { is: "refused", tone: "failed", version: refusal.version };
}

/** Calls and faults; what is paused before both. */
function Glance({ plugin, names }: { plugin: Plugin; names: Names }) {
  const { t } = useTranslation();
  const number = useNumber();
  const { calls, faults } = tally(plugin.health);
  const { paused } = plugin.health;
  const [first] = paused;
  return (
    <span className={classes.glance}>
      {first === undefined ? null : (
        <span className={classes.bad}>
          {paused.length === 1
            ? t("plugins.paused_for", {
                name: names.get(first.account) ?? t(`plugins.gone_use.${plugin.kind}`),
                time: clock(first.until),
              })
            : t("plugins.paused_several", { n: number(paused.length) })}
        </span>
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
