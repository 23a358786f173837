/** Addresses in plain text, and which addresses may be followed at all. */

export interface Piece {
  text: string;
  /** Set when the piece is an address. */
  url: string | null;
}

const ADDRESS = /https?:\/\/[^\s<>"'«»]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/giu;
/** Punctuation at the end belongs to the sentence; a closing bracket too, unless the address opened it. */
const TAIL = /[.,:;!?…'"»]+$/u;

function trim(address: string): string {
  let text = address.replace(TAIL, "");
  while (text.endsWith(")") && !text.includes("(")) text = text.slice(0, -1).replace(TAIL, "");
  return text;
}

/** Cuts text into plain pieces and addresses. */
export function findLinks(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = trim(match[0]);
    if (match.index > at) pieces.push({ text: text.slice(at, match.index), url: null });
    pieces.push({ text: address, url: /^https?:/i.test(address) ? address : `mailto:${address}` });
    at = match.index + address.length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), url: null });
  return pieces;
}

/** The address when following it is harmless (web, mail, telephone, Telegram), else null; `javascript:` and the like never pass. */
export function safeUrl(url: string | null | undefined): string | null {
  if (!url) return null;
  try {
    return /^(https?|mailto|tel|tg|viber):$/.test(new URL(url).protocol) ? url : null;
  } catch {
    return null;
  }
}
