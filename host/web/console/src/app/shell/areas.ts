import type { Permission } from "@omnichat/api-client/types";
import { IconInbox, IconPlugConnected, IconShieldQuestion, IconUsers } from "@tabler/icons-react";
import { useLocation } from "@tanstack/react-router";
import { useCan } from "~/queries/me.ts";

interface Area {
  to: "/inbox" | "/channels" | "/team" | "/quarantine";
  label: string;
  icon: typeof IconInbox;
  needs: Permission | null;
}

const areas: Area[] = [
  { to: "/inbox", label: "areas.inbox", icon: IconInbox, needs: null },
  { to: "/channels", label: "areas.channels", icon: IconPlugConnected, needs: "inboxes.read" },
  { to: "/team", label: "areas.team", icon: IconUsers, needs: "operators.read" },
  { to: "/quarantine", label: "areas.quarantine", icon: IconShieldQuestion, needs: "quarantine.manage" },
];

/** The areas that this operator may enter, and which one is on the screen. */
export function useAreas(): (Area & { active: boolean })[] {
  const can = useCan();
  const { pathname } = useLocation();
  return areas
    .filter((area) => area.needs === null || can(area.needs))
    .map((area) => ({ ...area, active: pathname === area.to || pathname.startsWith(`${area.to}/`) }));
}
