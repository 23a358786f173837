import type { PluginFault, PluginKind } from "@omnichat/api-client/types";
import { useTranslation } from "react-i18next";
import { TimeLabel } from "~/components/time-label.tsx";
import { WideSection } from "~/components/wide-section.tsx";
import { useNow } from "~/lib/time.ts";
import type { Names } from "../hooks/use-uses.ts";
import { keyed } from "../keyed.ts";
import classes from "./plugins.module.css";

/** What went wrong last, newest first. */
export function FaultsSection({ kind, faults, names }: { kind: PluginKind; faults: PluginFault[]; names: Names }) {
  const { t } = useTranslation();
  const now = useNow();
  return (
    <WideSection title={t("plugins.faults_title")}>
      {faults.length === 0 ? (
        <p className={classes.none}>{t("plugins.faults_none")}</p>
      ) : (
        <ol className={classes.faults} tabIndex={0} aria-label={t("plugins.faults_title")}>
          {keyed(faults).map(([key, fault]) => (
            <li key={key} className={classes.fault} data-testid="plugin-fault">
              <div className={classes.faultHead}>
                <TimeLabel at={fault.at} now={now} className={classes.when} />
                <span className={classes.bad}>
                  {t(`plugins.outcome.${fault.outcome}`, { defaultValue: fault.outcome })}
                </span>
                <span className={classes.code}>{fault.export}</span>
                {fault.account === "" ? null : (
                  <span className={classes.dim}>{names.get(fault.account) ?? t(`plugins.gone_use.${kind}`)}</span>
                )}
              </div>
              <div className={classes.mono}>{fault.message}</div>
            </li>
          ))}
        </ol>
      )}
    </WideSection>
  );
}
