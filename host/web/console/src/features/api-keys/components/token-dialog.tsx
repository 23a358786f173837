import { Button, Group, Modal, Text } from "@mantine/core";
import type { ApiKeyWithToken } from "@omnichat/api-client/types";
import { useTranslation } from "react-i18next";
import { CopyField } from "~/components/copy-field.tsx";

interface Props {
  made: ApiKeyWithToken | null;
  onClose: () => void;
}

/** The key is shown once: the host keeps only its hash. A click beside the dialog must not lose it. */
export function TokenDialog({ made, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={made !== null}
      onClose={onClose}
      closeOnClickOutside={false}
      title={t("api_keys.token_title", { name: made?.key.name ?? "" })}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <Text mb="md" c="dimmed">
        {t("api_keys.token_text")}
      </Text>
      {made === null ? null : <CopyField label={t("api_keys.token")} text={made.token} multiline />}
      <Group justify="flex-end" mt="lg">
        <Button onClick={onClose}>{t("api_keys.token_kept")}</Button>
      </Group>
    </Modal>
  );
}
