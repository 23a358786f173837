import { useTranslation } from "react-i18next";
import type { PluginState } from "@omnichat/api-client/types";
import classes from "./plugins.module.css";

/** How a plugin is doing, in a word. */
export function StateBadge({ state }: { state: PluginState }) {
  const { t } = useTranslation();
  return (
    <span className={classes.badge} data-state={state} data-testid="plugin-state">
      {t(`plugins.state.${state}`)}
    </span>
  );
}
