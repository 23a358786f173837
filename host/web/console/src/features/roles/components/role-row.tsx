import { Menu } from "@mantine/core";
import { IconCopy, IconDots, IconEye, IconPencil, IconShieldCheck, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "~/components/icon-button.tsx";
import rows from "~/components/rows.module.css";

interface Props {
  name: string;
  description: string | null;
  rights: number;
  /** How many operators have it. */
  holders: number;
  onLook: () => void;
  /** What may be done with it; null where it may not. */
  onEdit: (() => void) | null;
  onDuplicate: (() => void) | null;
  onDelete: (() => void) | null;
}

/** A role in the list: what it is called, for whom it is, how many have it. */
export function RoleRow({ name, description, rights, holders, onLook, onEdit, onDuplicate, onDelete }: Props) {
  const { t } = useTranslation();
  const facts = [
    description,
    t("roles.rights", { count: rights }),
    holders === 0 ? t("roles.nobody") : t("roles.holders", { count: holders }),
  ];
  return (
    <li className={rows.row} data-testid="role-row">
      <span className={rows.glyph} aria-hidden="true">
        <IconShieldCheck size={18} stroke={1.7} />
      </span>
      <span className={rows.main}>
        <span className={rows.title}>{name}</span>
        <span className={rows.dim}>{facts.filter((fact) => fact !== null).join(" · ")}</span>
      </span>
      <Menu width={220}>
        <Menu.Target>
          <IconButton label={t("roles.actions_for", { name })}>
            <IconDots size={18} stroke={1.7} />
          </IconButton>
        </Menu.Target>
        <Menu.Dropdown>
          {onEdit === null ? (
            <Menu.Item leftSection={<IconEye size={16} stroke={1.7} />} onClick={onLook}>
              {t("roles.look")}
            </Menu.Item>
          ) : (
            <Menu.Item leftSection={<IconPencil size={16} stroke={1.7} />} onClick={onEdit}>
              {t("roles.edit")}
            </Menu.Item>
          )}
          {onDuplicate === null ? null : (
            <Menu.Item leftSection={<IconCopy size={16} stroke={1.7} />} onClick={onDuplicate}>
              {t("roles.duplicate")}
            </Menu.Item>
          )}
          {onDelete === null ? null : (
            <Menu.Item color="red" leftSection={<IconTrash size={16} stroke={1.7} />} onClick={onDelete}>
              {t("roles.delete")}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}
