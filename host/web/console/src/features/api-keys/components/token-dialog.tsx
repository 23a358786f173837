import { Button, Group, Text } from "@mantine/core";
import type { ApiKeyWithToken } from "@omnichat/api-client/types";
import { useTranslation } from "react-i18next";
import { Dialog } from "~/components/dialog.tsx";
import { CopyField } from "~/components/copy-field.tsx";

interface Props {
  made: ApiKeyWithToken;
  onClose: () => void;
}

/** The key is shown once: the host keeps only its hash. No click beside the dialog and no key may lose it. */
export function TokenDialog({ made, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Dialog
      opened
      onClose={onClose}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
      title={t("api_keys.token_title", { name: made.key.name })}
    >
      <Text mb="md" c="dimmed">
        {t("api_keys.token_text")}
      </Text>
      <CopyField label={t("api_keys.token")} text={made.token} multiline autoFocus />
      <Group justify="flex-end" mt="lg">
        <Button onClick={onClose}>{t("api_keys.token_kept")}</Button>
      </Group>
    </Dialog>
  );
}
