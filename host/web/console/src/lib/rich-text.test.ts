import { describe, expect, it } from "vitest";
import { pieces, safeUrl } from "./rich-text.ts";

const brief = (...args: Parameters<typeof pieces>) =>
  pieces(...args).map((p) => [p.text, p.styles.join("+"), p.url ?? ""].join("|"));

describe("rich text", () => {
  it("keeps plain text whole", () => {
    expect(brief("Hello", [])).toEqual(["Hello||"]);
  });
  it("flattens overlapping styles", () => {
    expect(
      brief("abcdef", [
        { start: 0, length: 4, style: "bold" },
        { start: 2, length: 4, style: "italic" },
      ]),
    ).toEqual(["ab|bold|", "cd|bold+italic|", "ef|italic|"]);
  });
  it("counts in UTF-16 units, as the wire does", () => {
    expect(brief("😀 ok", [{ start: 3, length: 2, style: "bold" }])).toEqual(["😀 ||", "ok|bold|"]);
  });
  it("links bare addresses without the full stop after them", () => {
    expect(brief("See https://example.org/a?b=1.", [])).toEqual([
      "See ||",
      "https://example.org/a?b=1||https://example.org/a?b=1",
      ".||",
    ]);
  });
  it("leaves addresses in code alone", () => {
    expect(brief("https://example.org", [{ start: 0, length: 19, style: "code" }])).toEqual([
      "https://example.org|code|",
    ]);
  });
  it("survives spans beyond the end", () => {
    expect(brief("ab", [{ start: 1, length: 50, style: "bold" }])).toEqual(["a||", "b|bold|"]);
  });
  it("opens only harmless schemes", () => {
    expect(safeUrl("javascript:alert(1)")).toBeNull();
    expect(safeUrl("data:text/html,x")).toBeNull();
    for (const url of [" javascript:x", "java\nscript:x", "\u0001javascript:x", "vbscript:x", "/x"])
      expect(safeUrl(url)).toBeNull();
    expect(safeUrl("HTTPS://example.org")).toBe("HTTPS://example.org");
  });
});
