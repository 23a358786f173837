import type { Automation } from "@omnichat/api-client/types";
import { useQuery } from "@tanstack/react-query";
import { api } from "~/lib/api.ts";
import { keys } from "./keys.ts";
import { useCan } from "./me.ts";

/** The bots and tools that are set up. Asked for only by those who may see them. */
export function useAutomations() {
  const allowed = useCan()("automations.manage");
  return useQuery({
    queryKey: keys.automations,
    queryFn: ({ signal }) => api.automations.list(signal),
    staleTime: 60_000,
    enabled: allowed,
  });
}

/** What can be set up: the kinds of the plugins that run. Plugins come and go, so each visit asks. */
export function useAutomationKinds() {
  const allowed = useCan()("automations.manage");
  return useQuery({
    queryKey: keys.automationKinds,
    queryFn: ({ signal }) => api.automations.kinds(signal),
    staleTime: 0,
    enabled: allowed,
  });
}

/** The bots among those that are set up. */
export function useScenarios(): Automation[] {
  return (useAutomations().data?.items ?? []).filter((automation) => automation.role === "scenario");
}
