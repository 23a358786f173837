import type { Customer } from "@omnichat/api-client/types";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { api } from "~/lib/api.ts";
import { notify, notifyError } from "~/lib/toasts.ts";

/** Leads to a customer: to the conversation in which it was last heard of, beside which everything about it stands. */
export function useOpenCustomer() {
  const { t } = useTranslation();
  return useCallback(
    ({ id, name }: Pick<Customer, "id" | "name">, onConversation: (conversationId: string) => void): void => {
      api.customers.conversations(id).then(
        ({ items: [first] }) => {
          if (first === undefined) notify(t("customer.no_conversations", { name }));
          else onConversation(first.id);
        },
        (error: unknown) => notifyError(error, t("customer.not_opened")),
      );
    },
    [t],
  );
}
