import type { Operator } from "@omnichat/api-client/types";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api } from "~/lib/api.ts";
import { keys } from "./keys.ts";
import { useCan } from "./me.ts";

/** The team. Asked for only by those who may see it. */
export function useOperators() {
  const allowed = useCan()("operators.read");
  return useQuery({
    queryKey: keys.operators,
    queryFn: ({ signal }) => api.operators.list(signal),
    staleTime: 60_000,
    enabled: allowed,
  });
}

/** Names by id, for showing who a conversation belongs to. */
export function useOperatorNames(): Map<string, Operator> {
  const { data } = useOperators();
  return useMemo(() => new Map((data?.items ?? []).map((o) => [o.id, o])), [data]);
}
