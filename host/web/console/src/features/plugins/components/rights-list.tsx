import type { PluginRights } from "@omnichat/api-client/types";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { useNumber } from "~/lib/numbers.ts";
import { fileSize } from "~/lib/size.ts";
import type { SettingTitles } from "../hooks/use-setting-titles.ts";
import { figures, type Figure, isRaised, readHost, type Right } from "../rights.ts";
import classes from "./plugins.module.css";

/** What a host pattern allows, in words. */
export function hostWords(t: TFunction, pattern: string, titles: SettingTitles): string {
  const host = readHost(pattern);
  if (host.kind === "setting") return t("plugins.ask.setting", { name: titles.get(host.name) ?? host.name });
  if (host.kind === "below") return t("plugins.ask.below", { host: host.host });
  return t(host.encrypted ? "plugins.ask.exact" : "plugins.ask.exact_plain", { host: host.host });
}

/** What is asked for, a line each; a plugin that asks for nothing unusual asks to run. */
export function AsksList({ rights, titles }: { rights: Right[]; titles: SettingTitles }) {
  const { t } = useTranslation();
  const amount = useAmounts();
  const number = useNumber();
  const words = (right: Right): string => {
    if (right.kind === "host") return hostWords(t, right.pattern, titles);
    if (right.kind === "warm") return t("plugins.ask.warm", { size: number(right.size), calls: number(right.calls) });
    return t(`plugins.ask.${right.kind}`, { n: amount(right.kind, right.amount) });
  };
  return (
    <ul className={classes.list}>
      {rights.map((right) => (
        <li key={words(right)}>{words(right)}</li>
      ))}
      {rights.length === 0 ? <li>{t("plugins.ask.run")}</li> : null}
    </ul>
  );
}

/** Whom it may call. */
export function HostsList({ hosts, titles }: { hosts: string[]; titles: SettingTitles }) {
  const { t } = useTranslation();
  return (
    <ul className={classes.list}>
      {hosts.map((host) => (
        <li key={host}>{hostWords(t, host, titles)}</li>
      ))}
    </ul>
  );
}

/** How far it may go, with a mark at what is more than usual. */
export function FiguresList({ rights }: { rights: PluginRights }) {
  const { t } = useTranslation();
  const amount = useAmounts();
  const number = useNumber();
  const { warm } = rights;
  const rows: [Figure | "warm", string][] = [
    ...figures.map((figure): [Figure, string] => [figure, amount(figure, rights[figure])]),
    ["warm", warm === null ? t("plugins.warm_none") : t("plugins.warm", { size: number(warm.size), calls: number(warm.max_calls) })],
  ];
  return (
    <dl className={classes.metrics}>
      {rows.map(([name, value]) => (
        <div key={name} className={classes.metric}>
          <dt>{t(`plugins.right.${name}`)}</dt>
          <dd>
            {isRaised(rights, name) ? <span className={classes.raised}>{t("plugins.raised")}</span> : null} {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Says a figure with its unit. */
function useAmounts(): (figure: Figure, amount: number) => string {
  const { t } = useTranslation();
  const number = useNumber();
  return (figure, amount) => {
    switch (figure) {
      case "kv_bytes":
        return fileSize(amount);
      case "kv_keys":
        return number(amount);
      case "memory_mb":
        return t("plugins.unit.mebibytes", { n: number(amount) });
      case "cpu_ms":
        return t("plugins.unit.milliseconds", { n: number(amount) });
      case "wall_s":
      case "http_s":
        return t("plugins.unit.seconds", { n: number(amount) });
    }
  };
}
