import { Menu } from "@mantine/core";
import type { View } from "@omnichat/api-client/types";
import { IconBookmark, IconDots, IconPencil, IconTrash, IconUsersGroup } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { IconButton } from "~/components/icon-button.tsx";
import type { ViewEditor } from "../hooks/use-view-editor.tsx";
import classes from "./view-list.module.css";

interface Props {
  view: View;
  chosen: boolean;
  /** Null where what can be done to a view stands elsewhere. */
  editor: ViewEditor | null;
}

/** A saved view in the list of views: whose it is, its name, and what can be done to it. */
export function SavedView({ view, chosen, editor }: Props) {
  const { t } = useTranslation();
  const shared = view.owner_id === null;
  const Icon = shared ? IconUsersGroup : IconBookmark;
  return (
    <li className={classes.saved} data-testid="saved-view">
      <Link
        to="/inbox"
        search={{ view: view.id }}
        className={classes.view}
        aria-current={chosen ? "page" : undefined}
        title={`${view.name} · ${t(shared ? "views.shared" : "views.own")}`}
      >
        <Icon size={17} stroke={1.7} aria-hidden="true" data-shared={shared} />
        <span className={classes.name}>{view.name}</span>
      </Link>
      {editor?.mayChange(view) === true ? (
        <span className={classes.menu}>
          <Menu width={200}>
            <Menu.Target>
              <IconButton size={26} label={t("views.actions_for", { name: view.name })}>
                <IconDots size={16} stroke={1.7} />
              </IconButton>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconPencil size={16} stroke={1.7} />} onClick={() => editor.edit(view)}>
                {t("views.edit")}
              </Menu.Item>
              <Menu.Item color="red" leftSection={<IconTrash size={16} stroke={1.7} />} onClick={() => editor.remove(view)}>
                {t("views.delete")}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </span>
      ) : null}
    </li>
  );
}
