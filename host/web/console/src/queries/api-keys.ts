import { useQuery } from "@tanstack/react-query";
import { api } from "~/lib/api.ts";
import { keys } from "./keys.ts";
import { useCan } from "./me.ts";

/** The keys of programs. Asked for only by those who may see them. */
export function useApiKeys() {
  const allowed = useCan()("api_keys.manage");
  return useQuery({
    queryKey: keys.apiKeys,
    queryFn: ({ signal }) => api.apiKeys.list(signal),
    // When a key was last used comes with no event.
    staleTime: 0,
    enabled: allowed,
  });
}
