import type { Attachment } from "@omnichat/api-client/types";
import { IconChevronLeft, IconChevronRight, IconDownload, IconX } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "~/components/dialog.tsx";
import classes from "./lightbox.module.css";

interface Props {
  pictures: Attachment[];
  shown: Attachment | null;
  onShow: (attachment: Attachment) => void;
  onClose: () => void;
}

/** The pictures of a conversation one at a time over the whole screen. */
export function Lightbox({ pictures, shown, onShow, onClose }: Props) {
  const { t } = useTranslation();
  const index = pictures.findIndex((p) => p.id === shown?.id);
  const before = pictures[index - 1];
  const after = pictures[index + 1];
  useEffect(() => {
    if (shown === null) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "ArrowLeft" && before !== undefined) onShow(before);
      if (event.key === "ArrowRight" && after !== undefined) onShow(after);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [shown, before, after, onShow]);

  return (
    <Dialog
      opened={shown !== null}
      onClose={onClose}
      fullScreen
      withCloseButton={false}
      padding={0}
      title={shown?.name ?? ""}
      classNames={{ header: "visually-hidden", content: classes.content, body: classes.body }}
    >
      {shown === null ? null : (
        <div
          className={classes.stage}
          onClick={(event) => {
            if (event.target === event.currentTarget) onClose();
          }}
        >
          <div className={classes.bar}>
            <span className={classes.name}>{shown.name}</span>
            {pictures.length > 1 && index >= 0 ? (
              <span className="tabular">
                {index + 1} / {pictures.length}
              </span>
            ) : null}
            <a className={classes.tool} href={`${shown.url}?download=1`} download={shown.name} aria-label={t("message.download")}>
              <IconDownload size={20} stroke={1.7} />
            </a>
            <button type="button" className={classes.tool} aria-label={t("common.close")} onClick={onClose} data-autofocus>
              <IconX size={20} stroke={1.7} />
            </button>
          </div>
          <img className={classes.image} src={shown.url ?? ""} alt={shown.name} />
          {before === undefined ? null : (
            <button type="button" className={classes.previous} aria-label={t("message.previous_image")} onClick={() => onShow(before)}>
              <IconChevronLeft size={26} stroke={1.7} />
            </button>
          )}
          {after === undefined ? null : (
            <button type="button" className={classes.next} aria-label={t("message.next_image")} onClick={() => onShow(after)}>
              <IconChevronRight size={26} stroke={1.7} />
            </button>
          )}
        </div>
      )}
    </Dialog>
  );
}
