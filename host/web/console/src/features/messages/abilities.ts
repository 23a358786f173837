/** What an operator can send by a channel. */
import type { Capabilities } from "@omnichat/api-client/types";

/** Whether the channel carries a text to the customer: one of calls or reviews may not. */
export function sendsText({ text_max }: Pick<Capabilities, "text_max">): boolean {
  return text_max > 0;
}

/** Whether the composer has anything to send by the channel: a text, or files alone. */
export function sends(capabilities: Pick<Capabilities, "text_max" | "attachments_max">): boolean {
  return sendsText(capabilities) || capabilities.attachments_max > 0;
}
