import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Dialog } from "~/components/dialog.tsx";
import { CopyField } from "~/components/copy-field.tsx";

interface Props {
  link: { name: string; url: string };
  onClose: () => void;
}

/** The link is shown once: the host keeps only its hash. */
export function InviteLinkDialog({ link, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Dialog
      opened
      onClose={onClose}
      closeOnClickOutside={false}
      title={t("team.link_title", { name: link.name })}
    >
      <Text mb="md" c="dimmed">
        {t("team.link_text")}
      </Text>
      <CopyField label={t("team.link")} text={link.url} autoFocus />
    </Dialog>
  );
}
