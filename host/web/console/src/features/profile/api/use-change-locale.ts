import type { Locale } from "@omnichat/api-client/types";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "~/lib/api.ts";
import { setLocale } from "~/lib/i18n.ts";
import { notifyError } from "~/lib/toasts.ts";
import { keys } from "~/queries/keys.ts";

/** Changes the language here at once, and in the profile for other devices. */
export function useChangeLocale() {
  const client = useQueryClient();
  const { t } = useTranslation();
  return useMutation({
    mutationFn: async (locale: Locale) => {
      await setLocale(locale);
      return api.me.update({ locale });
    },
    onSuccess: (me) => client.setQueryData(keys.me, me),
    onError: (error) => notifyError(error, t("profile.not_saved")),
  });
}
