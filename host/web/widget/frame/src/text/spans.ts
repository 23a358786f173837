/** Rich text: turns a text and its spans, which may overlap, into runs that can be drawn one after another. */
import type { Span } from "../wire.ts";

export interface Run {
  text: string;
  styles: Set<Span["style"]>;
  /** Address of a `link` over this run. */
  url: string | null;
  /** Start of the spoiler over this run: runs of one spoiler open together. */
  spoiler: number | null;
}

export interface Block {
  kind: "text" | "quote" | "pre";
  runs: Run[];
}

/** Spans outside of the text are cut to it; unknown styles do nothing. */
export function layOut(text: string, spans: Span[]): Block[] {
  const inside = spans
    .map((span) => ({ ...span, start: Math.max(0, span.start), end: Math.min(text.length, span.start + span.length) }))
    .filter((span) => span.end > span.start);
  const edges = [...new Set([0, text.length, ...inside.flatMap((span) => [span.start, span.end])])].sort((a, b) => a - b);
  const blocks: (Block & { span: unknown })[] = [];
  for (let index = 0; index + 1 < edges.length; index++) {
    const from = edges[index] ?? 0;
    const to = edges[index + 1] ?? 0;
    const over = inside.filter((span) => span.start <= from && span.end >= to);
    const holder = over.find((span) => span.style === "pre") ?? over.find((span) => span.style === "quote");
    const run: Run = {
      text: text.slice(from, to),
      styles: new Set(over.map((span) => span.style)),
      url: over.find((span) => span.style === "link")?.url ?? null,
      spoiler: over.find((span) => span.style === "spoiler")?.start ?? null,
    };
    const last = blocks.at(-1);
    if (last && last.span === holder) last.runs.push(run);
    else blocks.push({ kind: holder?.style === "pre" ? "pre" : holder ? "quote" : "text", runs: [run], span: holder });
  }
  return blocks.map(({ kind, runs }, index) => ({
    kind,
    runs: kind === "text" ? trimBreaks(runs, index > 0, index + 1 < blocks.length) : runs,
  }));
}

/** A block of its own already stands on its own line: the line break beside it would show as an empty line. */
function trimBreaks(runs: Run[], afterBlock: boolean, beforeBlock: boolean): Run[] {
  return runs.map((run, index) => {
    let { text } = run;
    if (afterBlock && index === 0) text = text.replace(/^\n/, "");
    if (beforeBlock && index === runs.length - 1) text = text.replace(/\n$/, "");
    return { ...run, text };
  });
}
