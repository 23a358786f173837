/** Cuts a text at the edges of its spans, so that overlapping styles become a flat run of pieces. */
import type { Span } from "@omnichat/api-client/types";

export interface Piece {
  text: string;
  styles: Span["style"][];
  url: string | null;
}

const address = /\bhttps?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]}»'…]/g;

/** Pieces in order; addresses in plain text become links by themselves. */
export function pieces(text: string, spans: Span[]): Piece[] {
  const all = [...spans, ...bareLinks(text, spans)]
    .map((s) => ({ ...s, start: Math.max(0, s.start), length: Math.min(s.length, text.length - s.start) }))
    .filter((s) => s.length > 0);
  const edges = new Set([0, text.length]);
  for (const span of all) {
    edges.add(span.start);
    edges.add(span.start + span.length);
  }
  const sorted = [...edges].sort((a, b) => a - b);
  const result: Piece[] = [];
  for (let i = 0; i + 1 < sorted.length; i += 1) {
    const from = sorted[i] ?? 0;
    const to = sorted[i + 1] ?? 0;
    const over = all.filter((s) => s.start <= from && s.start + s.length >= to);
    const link = over.find((s) => s.style === "link");
    const target = link === undefined ? null : (link.url ?? text.slice(link.start, link.start + link.length));
    result.push({
      text: text.slice(from, to),
      styles: over.map((s) => s.style).filter((style) => style !== "link"),
      url: target === null ? null : safeUrl(target),
    });
  }
  return result;
}

function bareLinks(text: string, spans: Span[]): Span[] {
  const taken = spans.filter((s) => s.style === "link" || s.style === "code" || s.style === "pre");
  return [...text.matchAll(address)]
    .map((match): Span => ({ start: match.index, length: match[0].length, style: "link" }))
    .filter((link) => !taken.some((s) => s.start < link.start + link.length && link.start < s.start + s.length));
}

/** Only what a click may open, as the host decides it too; anything else stays text. */
export function safeUrl(url: string): string | null {
  return /^(https?:|mailto:|tel:|tg:\/\/user\?id=\d+$|max:\/\/user\/\d+$)/i.test(url) ? url : null;
}
