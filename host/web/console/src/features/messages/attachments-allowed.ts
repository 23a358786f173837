/** Whether a file may go through a channel, judged before it is uploaded. */
import type { AttachmentKind, Capabilities } from "@omnichat/api-client/types";

/** The kind that a file would be sent as. */
export function kindOf(contentType: string): AttachmentKind {
  if (contentType.startsWith("image/")) return "image";
  if (contentType.startsWith("video/")) return "video";
  if (contentType.startsWith("audio/")) return "audio";
  return "document";
}

export type Refusal = { reason: "kind" } | { reason: "size"; max: number } | { reason: "count"; max: number };

/** Null when the file may go. A kind that the channel lacks goes as a document where it has those. */
export function refusal(
  capabilities: Capabilities,
  file: { type: string; size: number },
  already: number,
): Refusal | null {
  if (already >= capabilities.attachments_max) return { reason: "count", max: capabilities.attachments_max };
  const kind = kindOf(file.type);
  const rule =
    capabilities.media.find((m) => m.kind === kind) ?? capabilities.media.find((m) => m.kind === "document");
  if (rule === undefined) return { reason: "kind" };
  return file.size > rule.max_bytes ? { reason: "size", max: rule.max_bytes } : null;
}
