import { IconPlugConnected, IconRobot, IconTool } from "@tabler/icons-react";
import type { PluginKind } from "@omnichat/api-client/types";
import rows from "~/components/rows.module.css";

const glyphs = { channel: IconPlugConnected, scenario: IconRobot, tool: IconTool };

/** What a plugin is, as a sign. */
export function KindGlyph({ kind }: { kind: PluginKind }) {
  const Icon = glyphs[kind];
  return (
    <span className={rows.glyph} aria-hidden="true">
      <Icon size={20} stroke={1.7} />
    </span>
  );
}
