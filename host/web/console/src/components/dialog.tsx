import { Modal, type ModalProps } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useReturnFocus } from "~/lib/return-focus.ts";

interface Props extends ModalProps {
  /** While something is on its way that may fail, which would be told to nobody if it closed. */
  busy?: boolean;
}

/** A window over the page. The focus goes back to where it came from. */
export function Dialog({ busy = false, onClose, ...props }: Props) {
  const { t } = useTranslation();
  useReturnFocus(props.opened);
  return (
    <Modal
      closeButtonProps={{ "aria-label": t("common.close"), disabled: busy }}
      {...props}
      onClose={() => {
        if (!busy) onClose();
      }}
    />
  );
}
