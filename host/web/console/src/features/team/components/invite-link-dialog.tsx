import { Modal, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { CopyField } from "~/components/copy-field.tsx";

interface Props {
  link: { name: string; url: string } | null;
  onClose: () => void;
}

/** The link is shown once: the host keeps only its hash. */
export function InviteLinkDialog({ link, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={link !== null}
      onClose={onClose}
      title={t("team.link_title", { name: link?.name ?? "" })}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <Text mb="md" c="dimmed">
        {t("team.link_text")}
      </Text>
      {link === null ? null : <CopyField label={t("team.link")} text={link.url} />}
    </Modal>
  );
}
