import {
  IconAddressBook,
  IconHistory,
  IconInbox,
  IconPlugConnected,
  IconPuzzle,
  IconRobot,
  IconShieldQuestion,
  IconUsers,
} from "@tabler/icons-react";
import { useLocation } from "@tanstack/react-router";
import type { Right } from "~/lib/rights.ts";
import { useCan } from "~/queries/me.ts";

interface Area {
  to: "/inbox" | "/customers" | "/channels" | "/automations" | "/team" | "/quarantine" | "/audit" | "/plugins";
  label: string;
  /** For the bar of a phone. */
  short?: string;
  icon: typeof IconInbox;
  /** One of these. */
  needs: Right[];
}

const areas: Area[] = [
  { to: "/inbox", label: "areas.inbox", icon: IconInbox, needs: ["conversations.read_all", "conversations.read_own"] },
  { to: "/customers", label: "areas.customers", icon: IconAddressBook, needs: ["customers.read"] },
  { to: "/channels", label: "areas.channels", icon: IconPlugConnected, needs: ["inboxes.read"] },
  {
    to: "/automations",
    label: "areas.automations",
    short: "areas.automations_short",
    icon: IconRobot,
    needs: ["automations.manage"],
  },
  { to: "/team", label: "areas.team", icon: IconUsers, needs: ["operators.read"] },
  { to: "/quarantine", label: "areas.quarantine", icon: IconShieldQuestion, needs: ["quarantine.manage"] },
  { to: "/audit", label: "areas.audit", icon: IconHistory, needs: ["audit.read"] },
  { to: "/plugins", label: "areas.plugins", icon: IconPuzzle, needs: ["plugins.manage"] },
];

/** The rights of which one is needed to enter a page; none for a page that is everybody's. */
export function needsOf(pathname: string): Right[] {
  // Who looks after keys need not see colleagues; the page itself asks for its right.
  if (isWithin(pathname, "/team/keys")) return [];
  // A sandbox is a channel.
  const path = pathname.startsWith("/sandbox/") ? "/channels" : pathname;
  return areas.find((area) => isWithin(path, area.to))?.needs ?? [];
}

function isWithin(pathname: string, area: string): boolean {
  return pathname === area || pathname.startsWith(`${area}/`);
}

/** The areas that this operator may enter, and which one is on the screen. */
export function useAreas(): (Area & { active: boolean })[] {
  const can = useCan();
  const { pathname } = useLocation();
  return areas
    .filter((area) => area.needs.some(can))
    .map((area) => ({ ...area, active: isWithin(pathname, area.to) }));
}
