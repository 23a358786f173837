/** Which phrases fit what is being typed, and how one takes its place. */
import type { Phrase } from "@omnichat/api-client/types";
import { sorted } from "~/lib/phrases.ts";

/** A phrase's name that is being typed: the slash and what follows it, up to the caret. */
export interface Call {
  from: number;
  to: number;
  needle: string;
}

/** What is being called up at the caret; nothing where no word begins with a slash there. */
export function callAt(text: string, caret: number): Call | null {
  const found = /(?:^|\s)\/([^\s/]*)$/.exec(text.slice(0, caret));
  if (found?.[1] === undefined) return null;
  return { from: caret - found[1].length - 1, to: caret, needle: found[1] };
}

/** The text after a phrase was put in place of its call, and where the caret goes. */
export function put(text: string, call: Call, phrase: string): { text: string; caret: number } {
  return { text: text.slice(0, call.from) + phrase + text.slice(call.to), caret: call.from + phrase.length };
}

/** Those that fit a name's beginning first, then those that have it in their name or text. */
export function matching(phrases: Phrase[], needle: string, most: number): Phrase[] {
  const wanted = needle.normalize().toLowerCase();
  const rank = ({ shortcut, text }: Phrase): number => {
    const name = shortcut.toLowerCase();
    if (name.startsWith(wanted)) return 0;
    if (name.includes(wanted)) return 1;
    return text.toLowerCase().includes(wanted) ? 2 : 3;
  };
  const ranked = sorted(phrases).map((phrase) => ({ phrase, at: rank(phrase) }));
  return ranked
    .filter(({ at }) => at < 3)
    .sort((a, b) => a.at - b.at)
    .slice(0, most)
    .map(({ phrase }) => phrase);
}
