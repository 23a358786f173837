import { Menu } from "@mantine/core";
import type { Phrase } from "@omnichat/api-client/types";
import { IconDots, IconPencil, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "~/components/icon-button.tsx";
import { notify, notifyError } from "~/lib/toasts.ts";
import { usePhraseMutations } from "~/queries/phrases.ts";
import classes from "./phrases.module.css";

interface Props {
  phrase: Phrase;
  changeable: boolean;
  onEdit: () => void;
}

/** A phrase in the list: its name and how it begins. */
export function PhraseRow({ phrase, changeable, onEdit }: Props) {
  const { t } = useTranslation();
  const { create, remove } = usePhraseMutations();
  const { shortcut, text, owner_id } = phrase;
  // The row is gone before these have their answers: what waits for them must not go with it.
  const restore = () => {
    create
      .mutateAsync({ shortcut, text, owner_id })
      .catch((error: unknown) => notifyError(error, t("phrases.not_restored")));
  };
  const onDelete = () => {
    remove.mutateAsync(phrase.id).then(
      () => notify(t("phrases.deleted", { name: shortcut }), restore),
      (error: unknown) => notifyError(error, t("phrases.not_deleted")),
    );
  };
  return (
    <li className={classes.row} data-testid="phrase-row">
      <span className={classes.name}>/{shortcut}</span>
      <span className={classes.text}>{text}</span>
      {changeable ? (
        <Menu width={200}>
          <Menu.Target>
            <IconButton label={t("phrases.actions_for", { name: shortcut })}>
              <IconDots size={18} stroke={1.7} />
            </IconButton>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPencil size={16} stroke={1.7} />} onClick={onEdit}>
              {t("phrases.edit")}
            </Menu.Item>
            <Menu.Item color="red" leftSection={<IconTrash size={16} stroke={1.7} />} onClick={onDelete}>
              {t("phrases.delete")}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      ) : null}
    </li>
  );
}
