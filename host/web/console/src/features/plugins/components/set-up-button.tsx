import { Button } from "@mantine/core";
import type { PluginDetail } from "@omnichat/api-client/types";
import { IconPlus } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useCan } from "~/queries/me.ts";
import type { Use } from "../hooks/use-uses.ts";

/** The next thing to do with a plugin that runs. Tools are set up once, so what is there is opened. */
export function SetUpButton({ plugin, uses }: { plugin: PluginDetail; uses: Use[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const can = useCan();
  if (plugin.state !== "running") return null;
  if (!can(plugin.kind === "channel" ? "inboxes.manage" : "automations.manage")) return null;
  const [only] = plugin.kind === "tool" ? uses : [];
  if (only !== undefined) {
    return (
      <Button
        variant="default"
        onClick={() => void navigate({ to: "/automations/$automationId", params: { automationId: only.id } })}
      >
        {t("plugins.open_tools")}
      </Button>
    );
  }
  return (
    <Button
      leftSection={<IconPlus size={16} stroke={2} />}
      onClick={() =>
        plugin.kind === "channel"
          ? void navigate({ to: "/channels/new", search: { kind: plugin.id } })
          : void navigate({ to: "/automations/new/$kind", params: { kind: plugin.id } })
      }
    >
      {t(plugin.kind === "channel" ? "plugins.add_channel" : "plugins.set_up")}
    </Button>
  );
}
