import { describe, expect, it } from "vitest";
import { parseInline, parseMarkdown } from "./markdown-parse.ts";

describe("markdown", () => {
  it("reads headings, lists, code and paragraphs", () => {
    const blocks = parseMarkdown("# Title\n\nOne\ntwo\n\n1. first\n2. second\n   goes on\n\n```sh\na # b\n```\n- x");
    expect(blocks.map((b) => b.type)).toEqual(["heading", "paragraph", "list", "code", "list"]);
    expect(blocks[1]).toEqual({ type: "paragraph", inline: [{ type: "text", text: "One two" }] });
    expect(blocks[2]).toMatchObject({ ordered: true, items: [[{ text: "first" }], [{ text: "second goes on" }]] });
    expect(blocks[3]).toEqual({ type: "code", text: "a # b" });
  });

  it("reads code inside a list, and goes on counting after it", () => {
    expect(parseMarkdown("1. one\n2. two:\n\n   ```html\n   <b>\n     x\n   ```\n3. three")).toEqual([
      { type: "list", ordered: true, start: 1, items: [[{ type: "text", text: "one" }], [{ type: "text", text: "two:" }]] },
      { type: "code", text: "<b>\n  x" },
      { type: "list", ordered: true, start: 3, items: [[{ type: "text", text: "three" }]] },
    ]);
  });

  it("reads a table", () => {
    expect(parseMarkdown("| a | b |\n|---|---|\n| 1 | `2` |")).toEqual([
      {
        type: "table",
        head: [[{ type: "text", text: "a" }], [{ type: "text", text: "b" }]],
        rows: [[[{ type: "text", text: "1" }], [{ type: "code", text: "2" }]]],
      },
    ]);
  });

  it("reads inline marks and leaves stray ones alone", () => {
    expect(parseInline("use **this** and `that` 2 * 3")).toEqual([
      { type: "text", text: "use " },
      { type: "strong", text: "this" },
      { type: "text", text: " and " },
      { type: "code", text: "that" },
      { type: "text", text: " 2 * 3" },
    ]);
  });

  it("does not link to anything but the web", () => {
    expect(parseInline("[x](javascript:alert(1))")[0]).toEqual({ type: "text", text: "x" });
    expect(parseInline("[x](https://example.org)")).toEqual([
      { type: "link", text: "x", url: "https://example.org" },
    ]);
  });

  it("always comes to an end", () => {
    expect(parseMarkdown("| not a table\n**\n```").length).toBeGreaterThan(0);
  });
});
