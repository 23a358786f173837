import { Button, Group, Text } from "@mantine/core";
import type { Permission } from "@omnichat/api-client/types";
import { useTranslation } from "react-i18next";
import { Dialog } from "~/components/dialog.tsx";
import { RightsList } from "~/components/rights-choice.tsx";

interface Props {
  name: string;
  description: string | null;
  rights: Permission[];
  onClose: () => void;
}

/** What a role allows, for whoever may not change it. */
export function LookDialog({ name, description, rights, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Dialog opened size="lg" onClose={onClose} title={name}>
      {description === null ? null : <Text c="dimmed">{description}</Text>}
      <RightsList rights={rights} />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" data-autofocus onClick={onClose}>
          {t("common.close")}
        </Button>
      </Group>
    </Dialog>
  );
}
