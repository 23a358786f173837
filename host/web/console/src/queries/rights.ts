import { useQuery } from "@tanstack/react-query";
import { api } from "~/lib/api.ts";
import { keys } from "./keys.ts";

/** Every right that there is, and what the built-in roles give: the same until there is another version of the host. */
export function useRights() {
  return useQuery({
    queryKey: keys.rights,
    queryFn: ({ signal }) => api.rights.list(signal),
    staleTime: Infinity,
  });
}
