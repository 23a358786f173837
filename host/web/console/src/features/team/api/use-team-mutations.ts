import type { Operator, OperatorPatch } from "@omnichat/api-client/types";
import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "~/lib/api.ts";
import { keys } from "~/queries/keys.ts";

function show(client: QueryClient, operator: Operator): void {
  client.setQueryData<{ items: Operator[] }>(keys.operators, (data) => {
    if (data === undefined) return data;
    const index = data.items.findIndex((o) => o.id === operator.id);
    return {
      ...data,
      items: index < 0 ? [...data.items, operator] : data.items.with(index, operator),
    };
  });
}

export function useInviteOperator() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: api.operators.create,
    onSuccess: (answer) => show(client, answer.operator),
  });
}

/** A new link for somebody who has not come yet; the earlier one stops working. */
export function useInviteAgain() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.operators.invite(id),
    onSuccess: (answer) => show(client, answer.operator),
  });
}

export function useUpdateOperator() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ operator, patch }: { operator: Operator; patch: Omit<OperatorPatch, "version"> }) =>
      api.operators.update(operator.id, { ...patch, version: operator.version }),
    onSuccess: (saved) => show(client, saved),
    onError: () => client.invalidateQueries({ queryKey: keys.operators }),
  });
}
