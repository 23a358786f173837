import { useTranslation } from "react-i18next";
import { notify } from "~/lib/toasts.ts";
import type { Plugin } from "@omnichat/api-client/types";

/** A version by its number and by the file that was looked at. */
export interface Chosen {
  version: string;
  digest: string;
}

/** Says what an approval or a rollback led to. A version that cannot run says so itself, in its refusal. */
export function useOutcome(): (plugin: Plugin, chosen: Chosen) => void {
  const { t } = useTranslation();
  return ({ title, enabled, state, digest, refusal }, chosen) => {
    if (refusal?.digest === chosen.digest) return;
    const runs = state === "running" && digest === chosen.digest;
    notify(t(`plugins.outcome_of.${enabled ? (runs ? "runs" : "starts") : "off"}`, { title, version: chosen.version }));
  };
}
