import type { PluginKind } from "@omnichat/api-client/types";
import { Link } from "@tanstack/react-router";
import type { Use } from "../hooks/use-uses.ts";

/** To where it is set up. */
export function UseLink({ kind, use }: { kind: PluginKind; use: Use }) {
  return kind === "channel" ? (
    <Link to="/channels/$inboxId" params={{ inboxId: use.id }}>
      {use.title}
    </Link>
  ) : (
    <Link to="/automations/$automationId" params={{ automationId: use.id }}>
      {use.title}
    </Link>
  );
}
