import type { Me, OperatorStatus } from "@omnichat/api-client/types";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "~/lib/api.ts";
import { notifyError } from "~/lib/toasts.ts";
import { keys } from "~/queries/keys.ts";

/** Online, on a break, or offline; shown at once. */
export function useSetStatus() {
  const client = useQueryClient();
  const { t } = useTranslation();
  return useMutation({
    mutationFn: (status: OperatorStatus) => api.me.setStatus(status),
    onMutate: (status) => {
      const before = client.getQueryData<Me>(keys.me);
      if (before !== undefined) client.setQueryData<Me>(keys.me, { ...before, operator: { ...before.operator, status } });
      return before;
    },
    onSuccess: (operator) => {
      client.setQueryData<Me>(keys.me, (me) =>
        me === undefined || me.operator.version > operator.version ? me : { ...me, operator },
      );
      void client.invalidateQueries({ queryKey: keys.operators });
    },
    onError: (error, _status, before) => {
      client.setQueryData(keys.me, before);
      notifyError(error, t("profile.status_failed"));
    },
  });
}
