/** Some platforms let a business answer only for some hours after the customer's last message. */
import type { Capabilities, Message } from "@omnichat/api-client/types";

/** Milliseconds left to answer, or null when the channel sets no limit. */
export function windowLeft(capabilities: Capabilities, messages: Message[], now: number): number | null {
  if (capabilities.window_hours === null) return null;
  const last = messages.findLast((m) => m.direction === "in");
  if (last === undefined) return 0;
  return Math.max(0, new Date(last.created_at).getTime() + capabilities.window_hours * 3_600_000 - now);
}
