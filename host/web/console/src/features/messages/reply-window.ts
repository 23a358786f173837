/** Some platforms let a business answer only for some hours after the customer's last message. */
import type { Capabilities } from "@omnichat/api-client/types";

/** Milliseconds left to answer, or null when the channel sets no limit. */
export function windowLeft(capabilities: Capabilities, lastInboundAt: string | null, now: number): number | null {
  if (capabilities.window_hours === null) return null;
  if (lastInboundAt === null) return 0;
  return Math.max(0, new Date(lastInboundAt).getTime() + capabilities.window_hours * 3_600_000 - now);
}
