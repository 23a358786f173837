import type { PluginFault, PluginKind } from "@omnichat/api-client/types";
import { useTranslation } from "react-i18next";
import { FoldedText } from "~/components/folded-text.tsx";
import { TimeLabel } from "~/components/time-label.tsx";
import { WideSection } from "~/components/wide-section.tsx";
import { useNow } from "~/lib/time.ts";
import type { Names } from "../hooks/use-uses.ts";
import { keyed } from "../keyed.ts";
import classes from "./incidents.module.css";

interface Props {
  /** Faults: the plugin broke a rule of the host. Errors: it said no in its own words. */
  of: "faults" | "errors";
  kind: PluginKind;
  incidents: PluginFault[];
  names: Names;
}

/** What went wrong last, newest first. */
export function IncidentsSection({ of, kind, incidents, names }: Props) {
  const { t } = useTranslation();
  const now = useNow();
  const title = t(`plugins.${of}_title`);
  return (
    <WideSection title={title}>
      <p className={classes.none}>{t(incidents.length === 0 ? `plugins.${of}_none` : `plugins.${of}_hint`)}</p>
      {incidents.length === 0 ? null : (
        <ol className={classes.incidents} tabIndex={0} aria-label={title}>
          {keyed(incidents).map(([key, incident]) => (
            <li key={key} className={classes.incident} data-testid={`plugin-${of}`}>
              <div className={classes.head}>
                <TimeLabel at={incident.at} now={now} className={classes.when} />
                {of === "faults" ? (
                  <span className={classes.bad}>
                    {t(`plugins.outcome.${incident.outcome}`, { defaultValue: incident.outcome })}
                  </span>
                ) : null}
                <span className={classes.code}>{incident.export}</span>
                {incident.account === "" ? null : (
                  <span className={classes.dim}>{names.get(incident.account) ?? t(`plugins.gone_use.${kind}`)}</span>
                )}
              </div>
              <FoldedText text={incident.message} mono />
            </li>
          ))}
        </ol>
      )}
    </WideSection>
  );
}
