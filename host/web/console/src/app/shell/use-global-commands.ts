import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type Command, useCommands } from "~/lib/commands.ts";
import { chooseTheme } from "~/lib/theme.ts";
import { useCan } from "~/queries/me.ts";
import { useAreas } from "./areas.ts";

/** Commands that make sense on every page. */
export function useGlobalCommands(openSheet: () => void): void {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const areas = useAreas();
  const can = useCan();
  const managesTeam = can("operators.manage");
  const managesKeys = can("api_keys.manage");
  const reachable = areas.map((area) => area.to).join();
  const list = useMemo((): Command[] => {
    const go = t("palette.go");
    const look = t("palette.look");
    return [
      ...areas.map((area) => ({
        id: `go${area.to}`,
        title: t(area.label),
        group: go,
        run: () => void navigate({ to: area.to }),
      })),
      ...(managesTeam ? [{ id: "go/roles", title: t("areas.roles"), group: go, run: () => void navigate({ to: "/team/roles" }) }] : []),
      ...(managesKeys ? [{ id: "go/keys", title: t("areas.api_keys"), group: go, run: () => void navigate({ to: "/team/keys" }) }] : []),
      { id: "go/phrases", title: t("areas.phrases"), group: go, run: () => void navigate({ to: "/phrases" }) },
      { id: "go/tags", title: t("areas.tags"), group: go, run: () => void navigate({ to: "/tags" }) },
      { id: "go/profile", title: t("areas.profile"), group: go, run: () => void navigate({ to: "/profile" }) },
      ...(["light", "dark", "system"] as const).map((choice) => ({
        id: `theme-${choice}`,
        title: `${t("profile.theme")}: ${t(`theme.${choice}`)}`,
        group: look,
        run: () => chooseTheme(choice),
      })),
      { id: "sheet", title: t("shortcuts.title"), group: look, keys: "?", run: openSheet },
    ];
    // The areas are new objects each time; which of them are reachable is what matters.
  }, [t, navigate, reachable, managesTeam, managesKeys]);
  useCommands("global", list);
}
