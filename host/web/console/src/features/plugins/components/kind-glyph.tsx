import { IconPlugConnected, IconRoute, IconTool } from "@tabler/icons-react";
import type { PluginKind } from "@omnichat/api-client/types";
import classes from "./plugins.module.css";

const glyphs = { channel: IconPlugConnected, scenario: IconRoute, tool: IconTool };

/** What a plugin is, as a sign. */
export function KindGlyph({ kind }: { kind: PluginKind }) {
  const Icon = glyphs[kind];
  return (
    <span className={classes.glyph} aria-hidden="true">
      <Icon size={20} stroke={1.7} />
    </span>
  );
}
