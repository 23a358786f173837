import { useQuery } from "@tanstack/react-query";
import { api } from "~/lib/api.ts";
import { keys } from "~/queries/keys.ts";

/** What can be set up: the kinds of the plugins that run. Plugins come and go, so each visit asks. */
export function useAutomationKinds() {
  return useQuery({
    queryKey: keys.automationKinds,
    queryFn: ({ signal }) => api.automations.kinds(signal),
    staleTime: 0,
  });
}
