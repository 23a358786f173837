import type { Customer, CustomerPatch } from "@omnichat/api-client/types";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "~/lib/api.ts";
import { keys } from "~/queries/keys.ts";

/** A customer, for those who may see customers. */
export function useCustomer(id: string, allowed: boolean) {
  return useQuery({
    queryKey: keys.customer(id),
    queryFn: ({ signal }) => api.customers.get(id, signal),
    enabled: allowed,
  });
}

export function useCustomerConversations(id: string) {
  return useQuery({
    queryKey: keys.customerConversations(id),
    queryFn: ({ signal }) => api.customers.conversations(id, signal),
  });
}

/** Changes a customer; the version makes two people's changes meet instead of overwriting each other. */
export function useUpdateCustomer(customer: Customer) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (patch: Omit<CustomerPatch, "version">) =>
      api.customers.update(customer.id, { ...patch, version: customer.version }),
    onSuccess: (saved) => client.setQueryData(keys.customer(saved.id), saved),
    onError: () => client.invalidateQueries({ queryKey: keys.customer(customer.id) }),
  });
}
