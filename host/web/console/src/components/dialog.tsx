import { Modal, type ModalProps } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useReturnFocus } from "~/lib/return-focus.ts";

/** A window over the page. The focus goes back to where it came from. */
export function Dialog(props: ModalProps) {
  const { t } = useTranslation();
  useReturnFocus(props.opened);
  return <Modal closeButtonProps={{ "aria-label": t("common.close") }} {...props} />;
}
