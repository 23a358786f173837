import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Avatar } from "~/components/avatar.tsx";
import { capped, useCounts } from "~/queries/counts.ts";
import { useMe } from "~/queries/me.ts";
import { useLocation } from "@tanstack/react-router";
import { useAreas } from "./areas.ts";
import classes from "./shell.module.css";

/** The areas on a phone; hidden inside a conversation, where the composer needs the place. */
export function BottomBar() {
  const { t } = useTranslation();
  const areas = useAreas();
  const counts = useCounts();
  const { operator } = useMe();
  const { pathname } = useLocation();
  if (/^\/(inbox|sandbox)\/./.test(pathname)) return null;
  const waiting = counts.data?.mine ?? 0;
  return (
    <nav className={classes.bottom} aria-label={t("areas.label")}>
      {areas.map(({ to, label, short, icon: Icon, active }) => (
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
