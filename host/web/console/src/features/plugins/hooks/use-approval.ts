import { useTranslation } from "react-i18next";
import { notify } from "~/lib/toasts.ts";
import type { Plugin } from "@omnichat/api-client/types";

/** Says what an approval led to. A version that cannot run says so itself, in its refusal. */
export function useApproval(): (plugin: Plugin, version: string) => void {
  const { t } = useTranslation();
  return (plugin, version) => {
    if (plugin.refusal !== null) return;
    notify(t(plugin.enabled ? "plugins.approved" : "plugins.approved_off", { title: plugin.title, version }));
  };
}
