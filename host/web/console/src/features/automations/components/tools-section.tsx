import type { Tool } from "@omnichat/api-client/types";
import { IconCopy, IconEye, IconPencil } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "~/components/icon-button.tsx";
import rows from "~/components/rows.module.css";
import { WideSection } from "~/components/wide-section.tsx";
import { copyText } from "~/lib/clipboard.ts";
import { notify, notifyError } from "~/lib/toasts.ts";
import classes from "./automations.module.css";

/** What bots and AI may call, by which name, and whether it changes anything. */
export function ToolsSection({ tools }: { tools: Tool[] }) {
  const { t } = useTranslation();
  return (
    <WideSection title={t("automations.tools")}>
      {tools.length === 0 ? (
        <p className={classes.none}>{t("automations.tools_none")}</p>
      ) : (
        <ul className={classes.tools}>
          {tools.map((tool) => (
            <ToolRow key={tool.name} tool={tool} />
          ))}
        </ul>
      )}
    </WideSection>
  );
}

function ToolRow({ tool }: { tool: Tool }) {
  const { t } = useTranslation();
  const Icon = tool.read_only ? IconEye : IconPencil;
  const copy = () =>
    copyText(tool.name).then(
      () => notify(t("common.copied")),
      (error: unknown) => notifyError(error, t("common.copy_failed")),
    );
  return (
    <li className={classes.tool} data-testid="tool-row">
      <span className={classes.name}>
        <code>{tool.name}</code>
        <IconButton label={t("automations.copy_name", { name: tool.name })} size={28} onClick={() => void copy()}>
          <IconCopy size={16} stroke={1.7} />
        </IconButton>
      </span>
      <span className={rows.dim}>{tool.description}</span>
      <span className={classes.effect}>
        <Icon size={16} stroke={1.7} aria-hidden="true" />
        {t(tool.read_only ? "automations.read_only" : "automations.changes")}
      </span>
    </li>
  );
}
