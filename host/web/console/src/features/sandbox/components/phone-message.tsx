import type { Button, Message } from "@omnichat/api-client/types";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { AttachmentList } from "~/components/attachment-view.tsx";
import { IconButton } from "~/components/icon-button.tsx";
import { RichText } from "~/components/rich-text.tsx";
import { safeUrl } from "~/lib/rich-text.ts";
import { clock, exact } from "~/lib/time.ts";
import classes from "./sandbox.module.css";

interface Props {
  message: Message;
  onEdit: () => void;
  onDelete: () => void;
  onPress: (button: Button) => void;
}

export function PhoneMessage({ message: m, onEdit, onDelete, onPress }: Props) {
  const { t } = useTranslation();
  const own = m.direction === "in";
  const deleted = m.deleted_at !== null;
  return (
    <div className={classes.message} data-own={own} data-testid="phone-message">
      <div className={classes.bubble} data-own={own} data-deleted={deleted}>
        {m.reply_to === null || deleted ? null : <div className={classes.quote}>{m.reply_to.preview}</div>}
        {deleted ? (
          t("message.deleted")
        ) : (
          <>
            <AttachmentList
              attachments={m.attachments}
              onOpen={(attachment) => window.open(attachment.url ?? "", "_blank", "noopener")}
            />
            {m.part?.type === "button_press" && m.text === "" ? (m.part.title ?? m.part.data) : null}
            {m.text === "" ? null : <RichText text={m.text} spans={m.spans} />}
          </>
        )}
        <span className={classes.stamp}>
          {m.edited_at === null || deleted ? null : `${t("message.edited")} · `}
          <time dateTime={m.created_at} title={exact(m.created_at)}>
            {clock(m.created_at)}
          </time>
        </span>
      </div>
      {own && !deleted ? (
        <span className={classes.tools}>
          {m.text === "" ? null : (
            <IconButton label={t("message.edit")} size={26} onClick={onEdit}>
              <IconPencil size={15} stroke={1.7} />
            </IconButton>
          )}
          <IconButton label={t("message.delete")} size={26} onClick={onDelete}>
            <IconTrash size={15} stroke={1.7} />
          </IconButton>
        </span>
      ) : null}
      {own || deleted || m.buttons.length === 0 ? null : (
        <div className={classes.buttons}>
          {m.buttons.flat().map((button, index) => (
            <PhoneButton key={index} button={button} onPress={onPress} />
          ))}
        </div>
      )}
    </div>
  );
}

/** A reply is pressed, a link is followed; what needs a real phone is only shown. */
function PhoneButton({ button, onPress }: { button: Button; onPress: Props["onPress"] }) {
  const url = button.url == null ? null : safeUrl(button.url);
  if (button.kind === "reply") {
    return (
      <button type="button" className={classes.press} onClick={() => onPress(button)}>
        {button.text}
      </button>
    );
  }
  if (url !== null) {
    return (
      <a className={classes.press} href={url} target="_blank" rel="noopener noreferrer">
        {button.text}
      </a>
    );
  }
  return (
    <span className={classes.press} data-inert="true">
      {button.text}
    </span>
  );
}
