import type { Conversation, LastMessage } from "@omnichat/api-client/types";
import type { TFunction } from "i18next";

/** Kinds whose words are enough: a text, or the caption of something to look at. */
const plain: ReadonlySet<LastMessage["kind"]> = new Set<LastMessage["kind"]>([
  "text",
  "note",
  "image",
  "video",
  "audio",
  "voice",
  "document",
  "animation",
  "sticker",
  "video_note",
]);

/** One line of the last message: who said it, then what, in words where there is no text. */
export function previewText({ last_message: last, chat_kind }: Conversation, meName: string, t: TFunction): string {
  if (last === null) return t("conversation.no_messages");
  if (last.kind === "deleted") return t("message.deleted");
  const what = whatWasSaid(last, t);
  if (last.author === "system" || (last.author === "customer" && chat_kind === "private")) return what;
  const who = last.author_name === meName ? t("conversation.you") : last.author_name;
  return who === "" ? what : `${who}: ${what}`;
}

function whatWasSaid({ kind, preview }: LastMessage, t: TFunction): string {
  if (preview.trim() === "") return t(`message.kind.${kind}`);
  return plain.has(kind) ? preview : `${t(`message.kind.${kind}`)}: ${preview}`;
}
