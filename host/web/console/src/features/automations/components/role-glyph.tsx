import type { AutomationRole } from "@omnichat/api-client/types";
import { IconRobot, IconTool } from "@tabler/icons-react";
import rows from "~/components/rows.module.css";

const glyphs = { scenario: IconRobot, tools: IconTool };

/** What it is for, as a sign. */
export function RoleGlyph({ role }: { role: AutomationRole }) {
  const Icon = glyphs[role];
  return (
    <span className={rows.glyph} aria-hidden="true">
      <Icon size={20} stroke={1.7} />
    </span>
  );
}
