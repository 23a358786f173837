import type { Session } from "@omnichat/api-client/types";
import { useQueryClient } from "@tanstack/react-query";
import { keys } from "~/queries/keys.ts";
import { session } from "./api.ts";
import { setLocale } from "./i18n.ts";
import { announceSession } from "./session-tabs.ts";

/** Starts the session that a sign-in, a setup or an invitation answered with. */
export function useAdoptSession() {
  const client = useQueryClient();
  return (started: Session) => {
    client.setQueryData(keys.me, started.me);
    session.adopt(started);
    announceSession("signed_in");
    const { locale } = started.me.operator;
    if (locale !== null) void setLocale(locale);
  };
}
