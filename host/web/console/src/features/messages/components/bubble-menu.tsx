import { Menu } from "@mantine/core";
import type { Message } from "@omnichat/api-client/types";
import { IconArrowBackUp, IconCopy, IconDots, IconPencil, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Confirm } from "~/components/confirm.tsx";
import { IconButton } from "~/components/icon-button.tsx";
import { copyText } from "~/lib/clipboard.ts";
import { notify, notifyError } from "~/lib/toasts.ts";
import type { Side } from "../timeline.ts";
import classes from "./bubble-menu.module.css";
import type { BubbleTools } from "./message-group.tsx";

interface Props {
  message: Message;
  side: Side;
  tools: BubbleTools;
}

/** What can be done to one message; there when the pointer or the focus is. */
export function BubbleMenu({ message: m, side, tools }: Props) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const [confirming, setConfirming] = useState(false);
  const { onReply, onEdit } = tools;
  const mayReply = onReply !== null && side !== "note";
  const mayEdit = onEdit !== null && tools.mayEdit(m);
  const mayDelete = tools.mayDelete(m);
  if (!mayReply && !mayEdit && !mayDelete && m.text === "") return null;
  return (
    <div className={classes.tools} data-open={opened}>
      {mayReply ? (
        <IconButton label={t("message.reply")} size={28} onClick={() => onReply(m)} className={classes.reply}>
          <IconArrowBackUp size={17} stroke={1.7} />
        </IconButton>
      ) : null}
      <Menu opened={opened} onChange={setOpened} position="top" width={190}>
        <Menu.Target>
          <IconButton label={t("message.actions")} size={28}>
            <IconDots size={17} stroke={1.7} />
          </IconButton>
        </Menu.Target>
        <Menu.Dropdown>
          {mayReply ? (
            <Menu.Item leftSection={<IconArrowBackUp size={16} stroke={1.7} />} onClick={() => onReply(m)}>
              {t("message.reply")}
            </Menu.Item>
          ) : null}
          {m.text === "" ? null : (
            <Menu.Item
              leftSection={<IconCopy size={16} stroke={1.7} />}
              onClick={() =>
                copyText(m.text).then(
                  () => notify(t("common.copied")),
                  (error: unknown) => notifyError(error, t("common.copy_failed")),
                )
              }
            >
              {t("message.copy")}
            </Menu.Item>
          )}
          {mayEdit ? (
            <Menu.Item leftSection={<IconPencil size={16} stroke={1.7} />} onClick={() => onEdit(m)}>
              {t("message.edit")}
            </Menu.Item>
          ) : null}
          {mayDelete ? (
            <Menu.Item color="red" leftSection={<IconTrash size={16} stroke={1.7} />} onClick={() => setConfirming(true)}>
              {t("message.delete")}
            </Menu.Item>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      <Confirm
        opened={confirming}
        title={t("message.delete_title")}
        text={t(m.direction === "note" ? "message.delete_note_text" : "message.delete_text")}
        action={t("message.delete")}
        onConfirm={() => {
          setConfirming(false);
          tools.onDelete(m);
        }}
        onClose={() => setConfirming(false)}
      />
    </div>
  );
}
