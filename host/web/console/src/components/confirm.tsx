import { Button, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Dialog } from "./dialog.tsx";

interface Props {
  opened: boolean;
  title: string;
  /** Names what will be lost. */
  text: string;
  action: string;
  busy?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

/** Only for what cannot be undone. */
export function Confirm({ opened, title, text, action, busy = false, onConfirm, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Dialog opened={opened} onClose={onClose} title={title} size="sm">
      <Text size="md">{text}</Text>
      <Group justify="flex-end" mt="lg" gap="sm">
        <Button variant="default" onClick={onClose}>
          {t("common.cancel")}
        </Button>
        <Button color="red" variant="light" loading={busy} onClick={onConfirm} data-autofocus>
          {action}
        </Button>
      </Group>
    </Dialog>
  );
}
