import {
  IconHistory,
  IconInbox,
  IconPlugConnected,
  IconPuzzle,
  IconRobot,
  IconShieldQuestion,
  IconUsers,
} from "@tabler/icons-react";
import { useLocation } from "@tanstack/react-router";
import { type Right, useCan } from "~/queries/me.ts";

interface Area {
  to: "/inbox" | "/channels" | "/automations" | "/team" | "/quarantine" | "/audit" | "/plugins";
  label: string;
  /** For the bar of a phone. */
  short?: string;
  icon: typeof IconInbox;
  needs: Right | null;
}

const areas: Area[] = [
  { to: "/inbox", label: "areas.inbox", icon: IconInbox, needs: null },
  { to: "/channels", label: "areas.channels", icon: IconPlugConnected, needs: "inboxes.read" },
  {
    to: "/automations",
    label: "areas.automations",
    short: "areas.automations_short",
    icon: IconRobot,
    needs: "automations.manage",
  },
  { to: "/team", label: "areas.team", icon: IconUsers, needs: "operators.read" },
  { to: "/quarantine", label: "areas.quarantine", icon: IconShieldQuestion, needs: "quarantine.manage" },
  { to: "/audit", label: "areas.audit", icon: IconHistory, needs: "audit.read" },
  { to: "/plugins", label: "areas.plugins", icon: IconPuzzle, needs: "plugins.manage" },
];

/** The areas that this operator may enter, and which one is on the screen. */
export function useAreas(): (Area & { active: boolean })[] {
  const can = useCan();
  const { pathname } = useLocation();
  return areas
    .filter((area) => area.needs === null || can(area.needs))
    .map((area) => ({ ...area, active: pathname === area.to || pathname.startsWith(`${area.to}/`) }));
}
