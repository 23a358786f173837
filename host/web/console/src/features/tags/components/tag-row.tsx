import { Menu } from "@mantine/core";
import type { Tag } from "@omnichat/api-client/types";
import { IconDots, IconPencil, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "~/components/icon-button.tsx";
import { TagChip } from "~/components/tag-chip.tsx";
import classes from "./tags.module.css";

interface Props {
  tag: Tag;
  changeable: boolean;
  onEdit: () => void;
  onDelete: () => void;
}

/** A tag in the list: how it looks and what it is for. */
export function TagRow({ tag, changeable, onEdit, onDelete }: Props) {
  const { t } = useTranslation();
  return (
    <li className={classes.row} data-testid="tag-row">
      <span className={classes.name}>
        <TagChip name={tag.name} colour={tag.colour} />
      </span>
      <span className={classes.text}>{tag.description}</span>
      {changeable ? (
        <Menu width={200}>
          <Menu.Target>
            <IconButton label={t("tags.actions_for", { name: tag.name })}>
              <IconDots size={18} stroke={1.7} />
            </IconButton>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPencil size={16} stroke={1.7} />} onClick={onEdit}>
              {t("tags.edit")}
            </Menu.Item>
            <Menu.Item color="red" leftSection={<IconTrash size={16} stroke={1.7} />} onClick={onDelete}>
              {t("tags.delete")}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      ) : null}
    </li>
  );
}
