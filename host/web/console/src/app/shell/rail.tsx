import { Tooltip } from "@mantine/core";
import { IconMessages, IconSearch } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Kbd } from "~/components/icon-button.tsx";
import { ProfileMenu } from "~/features/profile/components/profile-menu.tsx";
import { capped, useCounts } from "~/queries/counts.ts";
import { useAreas } from "./areas.ts";
import classes from "./shell.module.css";

export function Rail({ onPalette }: { onPalette: () => void }) {
  const { t } = useTranslation();
  const areas = useAreas();
  const counts = useCounts();
  const waiting = counts.data?.mine ?? 0;
  return (
    <nav className={classes.rail} aria-label={t("areas.label")}>
      <span className={classes.logo} aria-hidden="true">
        <IconMessages size={18} stroke={2} />
      </span>
      {areas.map(({ to, label, icon: Icon, active }) => (
        <Tooltip key={to} label={t(label)} position="right">
          <Link
            to={to}
            className={classes.area}
            data-active={active}
            aria-label={to === "/inbox" && waiting > 0 ? `${t(label)} ${capped(waiting)}` : t(label)}
            aria-current={active ? "page" : undefined}
          >
            <Icon size={20} stroke={1.7} />
            {to === "/inbox" && waiting > 0 ? (
              <span className={classes.badge} aria-hidden="true">
                {capped(waiting)}
              </span>
            ) : null}
          </Link>
        </Tooltip>
      ))}
      <span className={classes.gap} />
      <Tooltip
        position="right"
        label={
          <span>
            {t("palette.open")} <Kbd keys="Ctrl K" />
          </span>
        }
      >
        <button
          type="button"
          className={classes.area}
          aria-label={t("palette.open")}
          aria-keyshortcuts="Control+K"
          onClick={onPalette}
        >
          <IconSearch size={20} stroke={1.7} />
        </button>
      </Tooltip>
      <ProfileMenu />
    </nav>
  );
}
