import { describe, expect, it } from "vitest";
import { findLinks, safeUrl } from "./links.ts";
import { layOut } from "./spans.ts";

describe("findLinks", () => {
  const links = (text: string): (string | null)[] => findLinks(text).flatMap((piece) => (piece.url ? [piece.url] : []));
  it.each([
    ["see https://example.org/a.", ["https://example.org/a"]],
    ["(https://example.org/a)", ["https://example.org/a"]],
    ["https://example.org/wiki/A_(b)", ["https://example.org/wiki/A_(b)"]],
    ["«https://example.org», да", ["https://example.org"]],
    ["write to shop@example.org!", ["mailto:shop@example.org"]],
    ["javascript:alert(1) and ftp://example.org", []],
    ["no address", []],
  ])("%s", (text, expected) => expect(links(text)).toEqual(expected));

  it("loses no letter", () => {
    const text = "a https://example.org/x, b shop@example.org. (https://example.org)";
    expect(
      findLinks(text)
        .map((piece) => piece.text)
        .join(""),
    ).toBe(text);
  });
});

describe("safeUrl", () => {
  it.each(["https://example.org", "mailto:shop@example.org", "tel:+100", "tg://resolve?domain=x"])("lets %s through", (url) =>
    expect(safeUrl(url)).toBe(url),
  );
  it.each(["javascript:alert(1)", "data:text/html,x", " javascript:x", "java\nscript:x", "\u0001javascript:x", "/relative", "vbscript:x", "", null, undefined])("stops %j", (url) =>
    expect(safeUrl(url)).toBeNull(),
  );
});

describe("layOut", () => {
  const shape = (text: string, spans: Parameters<typeof layOut>[1]): string[] =>
    layOut(text, spans).map((block) => `${block.kind}[${block.runs.map((run) => `${run.text}:${[...run.styles].join("+")}`).join("|")}]`);

  it("cuts overlapping spans into runs", () => {
    expect(
      shape("abcdef", [
        { start: 0, length: 4, style: "bold" },
        { start: 2, length: 4, style: "italic" },
      ]),
    ).toEqual(["text[ab:bold|cd:bold+italic|ef:italic]"]);
  });

  it("counts UTF-16 units, as the wire does", () => {
    expect(shape("👍 bold", [{ start: 3, length: 4, style: "bold" }])).toEqual(["text[👍 :|bold:bold]"]);
  });

  it("sets quotes and code apart without empty lines beside them", () => {
    expect(shape("before\nquoted\nafter", [{ start: 7, length: 6, style: "quote" }])).toEqual([
      "text[before:]",
      "quote[quoted:quote]",
      "text[after:]",
    ]);
    expect(shape("code", [{ start: 0, length: 4, style: "pre" }])).toEqual(["pre[code:pre]"]);
  });

  it("cuts spans to the text and ignores those outside", () => {
    expect(
      shape("abc", [
        { start: 1, length: 99, style: "bold" },
        { start: 9, length: 2, style: "italic" },
        { start: 1, length: 0, style: "code" },
      ]),
    ).toEqual(["text[a:|bc:bold]"]);
  });

  it("keeps every letter, whatever the spans", () => {
    const text = "one two three";
    const spans = [
      { start: 0, length: 7, style: "spoiler" as const },
      { start: 4, length: 9, style: "link" as const, url: "https://example.org" },
    ];
    expect(
      layOut(text, spans)
        .flatMap((block) => block.runs)
        .map((run) => run.text)
        .join(""),
    ).toBe(text);
  });
});
