import type { Simulation } from "@omnichat/api-client/types";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "~/lib/api.ts";
import { randomKey } from "~/lib/random-key.ts";
import { recall, remember } from "~/lib/storage.ts";
import { notifyError } from "~/lib/toasts.ts";

interface Person {
  chat: string;
  /** Null while it is the one of the inbox's settings. */
  name: string | null;
  conversationId: string | null;
}

function newChat(): string {
  return `sim-${randomKey().slice(0, 8)}`;
}

/** The customer that is played on this machine, one for each inbox, kept between visits. */
export function useSimulatedCustomer(inboxId: string, usualName: string) {
  const { t } = useTranslation();
  const key = `sandbox.${inboxId}`;
  const [person, setPerson] = useState<Person>(() =>
    recall<Person>(key, { chat: newChat(), name: null, conversationId: null }),
  );
  const name = person.name ?? (usualName || t("sandbox.customer"));
  const keep = useCallback(
    (next: Person) => {
      setPerson(next);
      remember(key, next);
    },
    [key],
  );
  const act = useCallback(
    async (action: Omit<Simulation, "chat" | "name">): Promise<boolean> => {
      try {
        const result = await api.inboxes.simulate(inboxId, {
          chat: person.chat,
          name: name.trim() || t("sandbox.customer"),
          ...action,
        });
        // Some of what a customer does belongs to no conversation: the one that is known stays.
        const conversationId = result.conversation_id ?? person.conversationId;
        if (conversationId !== person.conversationId) keep({ ...person, conversationId });
        return true;
      } catch (error) {
        notifyError(error, t("sandbox.failed"));
        return false;
      }
    },
    [inboxId, person, name, keep, t],
  );
  return {
    person,
    name,
    act,
    rename: (given: string) => keep({ ...person, name: given }),
    /** Starts over as somebody who has never written. */
    restart: () => keep({ chat: newChat(), name: person.name, conversationId: null }),
  };
}
