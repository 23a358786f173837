/** The small part of Markdown that channel guides use, as blocks; anything else stays text. */
export type Inline =
  | { type: "text"; text: string }
  | { type: "strong"; text: string }
  | { type: "em"; text: string }
  | { type: "code"; text: string }
  | { type: "link"; text: string; url: string };

export type MarkdownBlock =
  | { type: "heading"; level: number; inline: Inline[] }
  | { type: "paragraph"; inline: Inline[] }
  /** `start` is the first number, so that a list goes on after a piece of code. */
  | { type: "list"; ordered: boolean; start: number; items: Inline[][] }
  | { type: "code"; text: string }
  | { type: "table"; head: Inline[][]; rows: Inline[][][] };

const token = /`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\(([^)\s]+)\)|<(https?:[^>\s]+)>|(?<![\w*])\*([^*\s][^*]*)\*/g;

export function parseInline(text: string): Inline[] {
  const result: Inline[] = [];
  let at = 0;
  for (const match of text.matchAll(token)) {
    if (match.index > at) result.push({ type: "text", text: text.slice(at, match.index) });
    const [whole, code, strong, label, url, bare, em] = match;
    if (code !== undefined) result.push({ type: "code", text: code });
    else if (strong !== undefined) result.push({ type: "strong", text: strong });
    else if (label !== undefined && url !== undefined) result.push(link(label, url));
    else if (bare !== undefined) result.push(link(bare, bare));
    else if (em !== undefined) result.push({ type: "em", text: em });
    at = match.index + whole.length;
  }
  if (at < text.length) result.push({ type: "text", text: text.slice(at) });
  return result;
}

function link(text: string, url: string): Inline {
  return /^https?:/i.test(url) ? { type: "link", text, url } : { type: "text", text };
}

export function parseMarkdown(source: string): MarkdownBlock[] {
  const blocks: MarkdownBlock[] = [];
  const lines = source.replaceAll("\r\n", "\n").split("\n");
  let i = 0;
  const peek = () => lines[i] ?? "";
  while (i < lines.length) {
    const line = peek();
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    if (line.trim() === "") i += 1;
    else if (isFence(line)) {
      const body: string[] = [];
      const indent = line.length - line.trimStart().length;
      for (i += 1; i < lines.length && !isFence(peek()); i += 1) {
        body.push(peek().slice(Math.min(indent, peek().length - peek().trimStart().length)));
      }
      i += 1;
      blocks.push({ type: "code", text: body.join("\n") });
    } else if (heading !== null) {
      blocks.push({ type: "heading", level: heading[1]?.length ?? 1, inline: parseInline(heading[2] ?? "") });
      i += 1;
    } else if (isItem(line)) {
      const number = /^\s*(\d+)[.)]\s/.exec(line)?.[1];
      const items: string[] = [];
      for (; i < lines.length && !isFence(peek()) && (isItem(peek()) || /^\s{2,}\S/.test(peek())); i += 1) {
        if (isItem(peek())) items.push(peek().replace(/^\s*(?:[-*+]|\d+[.)])\s+/, ""));
        else items.push(`${items.pop() ?? ""} ${peek().trim()}`);
      }
      blocks.push({
        type: "list",
        ordered: number !== undefined,
        start: Number(number ?? 1),
        items: items.map(parseInline),
      });
    } else if (line.startsWith("|") && /^\|[\s:|-]+\|?\s*$/.test(lines[i + 1] ?? "")) {
      const head = cells(line);
      const rows: Inline[][][] = [];
      for (i += 2; i < lines.length && peek().startsWith("|"); i += 1) rows.push(cells(peek()));
      blocks.push({ type: "table", head, rows });
    } else {
      const body: string[] = [];
      for (; i < lines.length && peek().trim() !== "" && !/^#{1,6}\s/.test(peek()) && !isFence(peek()) && !isItem(peek()); i += 1) {
        body.push(peek().trim());
      }
      blocks.push({ type: "paragraph", inline: parseInline(body.join(" ")) });
    }
  }
  return blocks;
}

function isFence(line: string): boolean {
  return /^\s*```/.test(line);
}

function isItem(line: string): boolean {
  return /^\s*(?:[-*+]|\d+[.)])\s+\S/.test(line);
}

function cells(line: string): Inline[][] {
  return line
    .replace(/^\||\|\s*$/g, "")
    .split("|")
    .map((cell) => parseInline(cell.trim()));
}
