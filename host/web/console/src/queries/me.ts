import type { Me } from "@omnichat/api-client/types";
import { useQuery } from "@tanstack/react-query";
import { api } from "~/lib/api.ts";
import type { Right } from "~/lib/rights.ts";
import { keys } from "./keys.ts";

/** Who is signed in; the cache is filled before any page that uses this is shown. */
export function useMe(): Me {
  const { data } = useQuery({ queryKey: keys.me, queryFn: ({ signal }) => api.me.get(signal), staleTime: Infinity });
  if (data === undefined) throw new Error("useMe outside of a signed-in page");
  return data;
}

export function useCan(): (right: Right) => boolean {
  const me = useMe();
  return (right) => me.permissions.includes(right);
}
