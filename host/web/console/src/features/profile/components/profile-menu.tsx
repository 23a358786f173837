import { Menu } from "@mantine/core";
import type { Locale, OperatorStatus } from "@omnichat/api-client/types";
import { IconLogout, IconSlash, IconTags, IconUserCircle } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Avatar } from "~/components/avatar.tsx";
import { currentLocale } from "~/lib/i18n.ts";
import { signOut } from "~/lib/sign-out.ts";
import { useStore } from "~/lib/store.ts";
import { chooseTheme, type ThemeChoice, themeChoice } from "~/lib/theme.ts";
import { notifyError } from "~/lib/toasts.ts";
import { useMe } from "~/queries/me.ts";
import { useChangeLocale } from "../api/use-change-locale.ts";
import { useSetStatus } from "../api/use-set-status.ts";
import classes from "./profile.module.css";

const statuses = ["online", "break", "offline"] as const;

/** The foot of the rail: status, language, look, the way out. */
export function ProfileMenu() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { operator } = useMe();
  const theme = useStore(themeChoice);
  const setStatus = useSetStatus();
  const changeLocale = useChangeLocale();
  return (
    <Menu position="right-end" width={230} offset={10}>
      <Menu.Target>
        <button
          type="button"
          className={classes.me}
          aria-label={t("profile.menu", { name: operator.name, status: t(`presence.${operator.status}`) })}
        >
          <Avatar id={operator.id} name={operator.name} url={operator.avatar_url} size={32} status={operator.status} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.who}>
          <div className={classes.name}>{operator.name}</div>
          <div className={classes.dim}>{operator.email}</div>
        </div>
        <Menu.Divider />
        <Menu.RadioGroup value={operator.status} onChange={(value) => setStatus.mutate(value as OperatorStatus)}>
          {statuses.map((status) => (
            <Menu.RadioItem key={status} value={status} rightSection={<span className={classes.dot} data-status={status} />}>
              {t(`presence.${status}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Label>{t("profile.theme")}</Menu.Label>
        <Menu.RadioGroup value={theme} onChange={(value) => chooseTheme(value as ThemeChoice)}>
          {(["light", "dark", "system"] as const).map((choice) => (
            <Menu.RadioItem key={choice} value={choice}>
              {t(`theme.${choice}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Label>{t("profile.language")}</Menu.Label>
        <Menu.RadioGroup value={currentLocale()} onChange={(value) => changeLocale.mutate(value as Locale)}>
          {(["ru", "en"] as const).map((locale) => (
            <Menu.RadioItem key={locale} value={locale}>
              {t(`locale.${locale}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item leftSection={<IconUserCircle size={17} stroke={1.7} />} onClick={() => void navigate({ to: "/profile" })}>
          {t("profile.title")}
        </Menu.Item>
        <Menu.Item leftSection={<IconSlash size={17} stroke={1.7} />} onClick={() => void navigate({ to: "/phrases" })}>
          {t("areas.phrases")}
        </Menu.Item>
        <Menu.Item leftSection={<IconTags size={17} stroke={1.7} />} onClick={() => void navigate({ to: "/tags" })}>
          {t("areas.tags")}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconLogout size={17} stroke={1.7} />}
          onClick={() => signOut(false).catch((error: unknown) => notifyError(error, t("profile.sign_out_failed")))}
        >
          {t("profile.sign_out")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
