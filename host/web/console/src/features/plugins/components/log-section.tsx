import { SegmentedControl } from "@mantine/core";
import type { PluginKind, PluginLogLine } from "@omnichat/api-client/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { WideSection } from "~/components/wide-section.tsx";
import { useNumber } from "~/lib/numbers.ts";
import { exact, precise } from "~/lib/time.ts";
import { isAtLeast } from "../health.ts";
import type { Names } from "../hooks/use-uses.ts";
import { keyed } from "../keyed.ts";
import classes from "./plugins.module.css";

const levels = ["debug", "info", "warn", "error"] as const;

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
  const [least, setLeast] = useState<string>("debug");
  const shown = keyed(lines).filter(([, line]) => isAtLeast(line.level, least));
  return (
    <WideSection
      title={t("plugins.log")}
      actions={
        lines.length === 0 ? null : (
          <SegmentedControl
            size="xs"
            aria-label={t("plugins.log_level")}
            data={levels.map((value) => ({ value, label: t(`plugins.level.${value}`) }))}
            value={least}
            onChange={setLeast}
          />
        )
      }
    >
      {dropped === 0 ? null : (
        <p className={classes.note}>{t("plugins.log_dropped", { count: dropped, n: number(dropped) })}</p>
      )}
      {lines.length === 0 ? (
        <p className={classes.none}>{t("plugins.log_empty")}</p>
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
                  {[line.export, line.account === "" ? "" : (names.get(line.account) ?? t(`plugins.gone_use.${kind}`))]
                    .filter(Boolean)
                    .join(" · ")}
                </span>
              </span>
            </li>
          ))}
          {shown.length === 0 ? <li className={classes.none}>{t("plugins.log_filtered")}</li> : null}
        </ol>
      )}
    </WideSection>
  );
}
