import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { fileSize } from "~/lib/size.ts";
import { type Ask, readAsk, readHost } from "../asks.ts";
import classes from "./plugins.module.css";

/** What a host pattern allows, in words. */
export function hostWords(t: TFunction, pattern: string): string {
  const host = readHost(pattern);
  if (host.kind === "setting") return t("plugins.ask.setting", { name: host.name });
  if (host.kind === "below") return t("plugins.ask.below", { host: host.host });
  return t(host.encrypted ? "plugins.ask.exact" : "plugins.ask.exact_plain", { host: host.host });
}

function askWords(t: TFunction, ask: Ask): string {
  switch (ask.kind) {
    case "host":
      return hostWords(t, ask.pattern);
    case "storage":
      return t("plugins.ask.storage", { size: fileSize(ask.bytes) });
    case "run":
      return t("plugins.ask.run");
    case "other":
      return ask.text;
    default:
      return t(`plugins.ask.${ask.kind}`, { n: ask.amount });
  }
}

/** What a plugin asks for, a line each. */
export function AsksList({ asks }: { asks: string[] }) {
  const { t } = useTranslation();
  return (
    <ul className={classes.list}>
      {asks.map((ask) => (
        <li key={ask}>{askWords(t, readAsk(ask))}</li>
      ))}
    </ul>
  );
}

export function HostsList({ hosts }: { hosts: string[] }) {
  const { t } = useTranslation();
  return (
    <ul className={classes.list}>
      {hosts.map((host) => (
        <li key={host}>{hostWords(t, host)}</li>
      ))}
    </ul>
  );
}
