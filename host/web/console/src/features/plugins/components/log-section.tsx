import { SegmentedControl, Select } from "@mantine/core";
import type { PluginKind, PluginLogLine } from "@omnichat/api-client/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { WideSection } from "~/components/wide-section.tsx";
import { useNumber } from "~/lib/numbers.ts";
import { exact, precise } from "~/lib/time.ts";
import type { Names } from "../hooks/use-uses.ts";
import { keyed } from "../keyed.ts";
import { everything, levels, passes, type LogFilter, values } from "../log-filter.ts";
import classes from "./log.module.css";

interface Props {
  kind: PluginKind;
  lines: PluginLogLine[];
  /** How many lines were dropped because a call wrote too many. */
  dropped: number;
  names: Names;
}

/** The end of what the plugin wrote, newest first. */
export function LogSection({ kind, lines, dropped, names }: Props) {
  const { t } = useTranslation();
  const number = useNumber();
  const [filter, setFilter] = useState<LogFilter>(everything);
  const nameOf = (account: string) =>
    account === "" ? t("plugins.log_nobody") : (names.get(account) ?? t(`plugins.gone_use.${kind}`));
  const shown = keyed(lines).filter(([, line]) => passes(line, filter));
  return (
    <WideSection
      title={t("plugins.log")}
      actions={
        lines.length === 0 ? null : (
          <>
            <SegmentedControl
              size="xs"
              aria-label={t("plugins.log_level")}
              data={levels.map((value) => ({ value, label: t(`plugins.level.${value}`) }))}
              value={filter.least}
              onChange={(least) => setFilter({ ...filter, least: levels.find((level) => level === least) ?? "debug" })}
            />
            <Select
              size="xs"
              w={170}
              clearable
              aria-label={t("plugins.log_export")}
              placeholder={t("plugins.log_all_exports")}
              data={values(lines, "export", filter.export)}
              value={filter.export}
              onChange={(value) => setFilter({ ...filter, export: value })}
            />
            <Select
              size="xs"
              w={170}
              clearable
              aria-label={t(`plugins.log_account.${kind}`)}
              placeholder={t(`plugins.log_all_accounts.${kind}`)}
              data={values(lines, "account", filter.account).map((value) => ({ value, label: nameOf(value) }))}
              value={filter.account}
              onChange={(value) => setFilter({ ...filter, account: value })}
            />
          </>
        )
      }
    >
      {lines.length === 0 ? null : (
        <p className={classes.note} role="status">
          {shown.length === lines.length
            ? t("plugins.log_lines", { count: lines.length, n: number(lines.length) })
            : t("plugins.log_some", { count: lines.length, n: number(shown.length), all: number(lines.length) })}
          {dropped === 0 ? null : ` · ${t("plugins.log_dropped", { count: dropped, n: number(dropped) })}`}
        </p>
      )}
      {lines.length === 0 ? (
        <p className={classes.note}>{t("plugins.log_empty")}</p>
      ) : (
        <ol className={classes.log} tabIndex={0} aria-label={t("plugins.log")}>
          {shown.map(([key, line]) => (
            <li key={key} className={classes.line} data-level={line.level} data-testid="plugin-log-line">
              <time dateTime={line.at} title={exact(line.at)}>
                {precise(line.at)}
              </time>
              <span className={classes.level}>{line.level}</span>
              <span className={classes.message}>
                {line.message}
                {line.fields === "" ? null : <span className={classes.fields}> {line.fields}</span>}
                <span className={classes.fields}>
                  {" "}
                  {[line.export, line.account === "" ? "" : nameOf(line.account)].filter(Boolean).join(" · ")}
                </span>
              </span>
            </li>
          ))}
          {shown.length === 0 ? <li className={classes.nothing}>{t("plugins.log_filtered")}</li> : null}
        </ol>
      )}
    </WideSection>
  );
}
