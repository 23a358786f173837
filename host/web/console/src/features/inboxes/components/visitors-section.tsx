import { Button } from "@mantine/core";
import type { Inbox } from "@omnichat/api-client/types";
import { IconLogout } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Confirm } from "~/components/confirm.tsx";
import { Section } from "~/components/page.tsx";
import { notify, notifyError } from "~/lib/toasts.ts";
import { useSignOutVisitors } from "../api/use-inbox-mutations.ts";

/** Ends what the browsers of all visitors hold. */
export function VisitorsSection({ inbox }: { inbox: Inbox }) {
  const { t } = useTranslation();
  const signOut = useSignOutVisitors();
  const [confirming, setConfirming] = useState(false);
  return (
    <Section title={t("channels.visitors.title")} hint={t("channels.visitors.hint")}>
      <div>
        <Button
          variant="default"
          leftSection={<IconLogout size={16} stroke={1.7} />}
          onClick={() => setConfirming(true)}
        >
          {t("channels.visitors.sign_out")}
        </Button>
      </div>
      <Confirm
        opened={confirming}
        title={t("channels.visitors.sign_out_title")}
        text={t("channels.visitors.sign_out_text")}
        action={t("channels.visitors.sign_out")}
        busy={signOut.isPending}
        onClose={() => setConfirming(false)}
        onConfirm={() =>
          signOut.mutate(inbox.id, {
            onSuccess: () => {
              setConfirming(false);
              notify(t("channels.visitors.signed_out"));
            },
            onError: (error) => {
              setConfirming(false);
              notifyError(error, t("channels.visitors.not_signed_out"));
            },
          })
        }
      />
    </Section>
  );
}
