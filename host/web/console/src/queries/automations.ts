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

/** The bots among them. */
export function useScenarios(): Automation[] {
  return (useAutomations().data?.items ?? []).filter((automation) => automation.role === "scenario");
}
