import type { LastMessage } from "@omnichat/api-client/types";
import type { TFunction } from "i18next";

/** One line of the last message: who said it, then what, in words where there is no text. */
export function previewText(last: LastMessage | null, meName: string, t: TFunction): string {
  if (last === null) return t("conversation.no_messages");
  if (last.kind === "deleted") return t("message.deleted");
  const what = last.preview.trim() !== "" ? last.preview : t(`message.kind.${last.kind}`);
  if (last.author === "customer" || last.author === "system") return what;
  const who = last.author_name === meName ? t("conversation.you") : last.author_name;
  return who === "" ? what : `${who}: ${what}`;
}
