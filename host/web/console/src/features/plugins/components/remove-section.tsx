import { Button } from "@mantine/core";
import type { PluginDetail } from "@omnichat/api-client/types";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Confirm } from "~/components/confirm.tsx";
import { Section } from "~/components/page.tsx";
import { notify, notifyError } from "~/lib/toasts.ts";
import { useRemovePlugin } from "../api/use-plugin-mutations.ts";
import type { Use } from "../hooks/use-uses.ts";

interface Props {
  plugin: PluginDetail;
  uses: Use[];
  onRemoved: () => void;
}

export function RemoveSection({ plugin, uses, onRemoved }: Props) {
  const { t } = useTranslation();
  const remove = useRemovePlugin();
  const [confirming, setConfirming] = useState(false);
  const names = uses.map((use) => use.title).join(", ");
  const text = [t("plugins.remove_text"), ...(names === "" ? [] : [t(`plugins.remove_uses.${plugin.kind}`, { names })])].join(" ");
  return (
    <Section title={t("plugins.remove")} hint={t(`plugins.remove_hint.${plugin.kind}`)}>
      <div>
        <Button color="red" variant="light" leftSection={<IconTrash size={16} stroke={1.7} />} onClick={() => setConfirming(true)}>
          {t("plugins.remove")}
        </Button>
      </div>
      <Confirm
        opened={confirming}
        title={t("plugins.remove_title", { title: plugin.title })}
        text={text}
        action={t("plugins.remove")}
        busy={remove.isPending}
        onClose={() => setConfirming(false)}
        onConfirm={() =>
          remove.mutate(plugin.id, {
            onSuccess: () => {
              notify(t("plugins.removed", { title: plugin.title }));
              onRemoved();
            },
            onError: (error) => {
              setConfirming(false);
              notifyError(error, t("plugins.not_removed"));
            },
          })
        }
      />
    </Section>
  );
}
