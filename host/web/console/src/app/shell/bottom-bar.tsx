import { Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { Link, useLocation, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Avatar } from "~/components/avatar.tsx";
import { capped, useCounts } from "~/queries/counts.ts";
import { useMe } from "~/queries/me.ts";
import { useAreas } from "./areas.ts";
import classes from "./shell.module.css";

/** So many find a place with a name that can be read; with more, the last place is a menu of the rest. */
const PLACES = 4;

/** The areas on a phone; hidden inside a conversation, where the composer needs the place. */
export function BottomBar() {
  const { t } = useTranslation();
  const areas = useAreas();
  const counts = useCounts();
  const { operator } = useMe();
  const { pathname } = useLocation();
  if (/^\/(inbox|sandbox)\/./.test(pathname)) return null;
  const waiting = counts.data?.mine ?? 0;
  const shown = areas.length > PLACES ? PLACES - 1 : PLACES;
  return (
    <nav className={classes.bottom} aria-label={t("areas.label")}>
      {areas.slice(0, shown).map(({ to, label, short, icon: Icon, active }) => (
        <Link key={to} to={to} className={classes.tab} data-active={active} aria-current={active ? "page" : undefined}>
          <Icon size={22} stroke={1.7} aria-hidden="true" />
          <span className={classes.tablabel}>{t(short ?? label)}</span>
          {to === "/inbox" && waiting > 0 ? (
            <span className={classes.badge} aria-hidden="true">
              {capped(waiting)}
            </span>
          ) : null}
        </Link>
      ))}
      {areas.length > shown ? <More areas={areas.slice(shown)} /> : null}
      <Link
        to="/profile"
        className={classes.tab}
        data-active={pathname === "/profile"}
        aria-current={pathname === "/profile" ? "page" : undefined}
      >
        <Avatar id={operator.id} name={operator.name} url={operator.avatar_url} size={22} status={operator.status} />
        <span className={classes.tablabel}>{t("areas.profile")}</span>
      </Link>
    </nav>
  );
}

/** The areas that have no place of their own. */
function More({ areas }: { areas: ReturnType<typeof useAreas> }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <Menu position="top-end" width={230} offset={8}>
      <Menu.Target>
        <button type="button" className={classes.tab} data-active={areas.some(({ active }) => active)}>
          <IconDots size={22} stroke={1.7} aria-hidden="true" />
          <span className={classes.tablabel}>{t("areas.more")}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {areas.map(({ to, label, icon: Icon, active }) => (
          <Menu.Item
            key={to}
            leftSection={<Icon size={20} stroke={1.7} aria-hidden="true" />}
            aria-current={active ? "page" : undefined}
            onClick={() => void navigate({ to })}
          >
            {t(label)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
