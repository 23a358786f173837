import { useTranslation } from "react-i18next";
import type { Plugin } from "@omnichat/api-client/types";
import classes from "./plugins.module.css";

/** How a plugin is doing, in a word. */
export function StateBadge({ plugin: { state, delay } }: { plugin: Plugin }) {
  const { t } = useTranslation();
  const delayed = state === "starting" && delay !== null;
  return (
    <span className={classes.badge} data-state={delayed ? "waiting" : state} data-testid="plugin-state">
      {t(delayed ? "plugins.delayed" : `plugins.state.${state}`)}
    </span>
  );
}
