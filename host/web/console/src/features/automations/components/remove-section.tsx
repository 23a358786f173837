import { Button } from "@mantine/core";
import type { Automation } from "@omnichat/api-client/types";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Confirm } from "~/components/confirm.tsx";
import { Section } from "~/components/page.tsx";
import { notify, notifyError } from "~/lib/toasts.ts";
import { useInboxes } from "~/queries/inboxes.ts";
import { useDeleteAutomation } from "../api/use-automation-mutations.ts";

/** A bot that answers somewhere stays until it does not: the host would refuse as well. */
export function RemoveSection({ automation: a, onRemoved }: { automation: Automation; onRemoved: () => void }) {
  const { t } = useTranslation();
  const remove = useDeleteAutomation();
  const [confirming, setConfirming] = useState(false);
  const label = t(`automations.remove.${a.role}`);
  const places = (useInboxes().data?.items ?? []).filter((inbox) => inbox.scenario === a.id).map((inbox) => inbox.title);
  const hint =
    places.length === 0
      ? t(`automations.remove_hint.${a.role}`)
      : t("automations.remove_used", { names: places.join(", ") });
  return (
    <Section title={label} hint={hint}>
      <div>
        <Button
          color="red"
          variant="light"
          leftSection={<IconTrash size={16} stroke={1.7} />}
          disabled={places.length > 0}
          onClick={() => setConfirming(true)}
        >
          {label}
        </Button>
      </div>
      <Confirm
        opened={confirming}
        title={t("automations.remove_title", { title: a.title })}
        text={t("automations.remove_text")}
        action={label}
        busy={remove.isPending}
        onClose={() => setConfirming(false)}
        onConfirm={() =>
          remove.mutate(a.id, {
            onSuccess: () => {
              notify(t("automations.removed", { title: a.title }));
              onRemoved();
            },
            onError: (error) => {
              setConfirming(false);
              notifyError(error, t("automations.not_removed"));
            },
          })
        }
      />
    </Section>
  );
}
