import { describe, expect, it } from "vitest";
import css from "../styles/base.css?raw";
import { contrast, inkOn, parseColor, readableOn, type Rgb } from "./color.ts";
import { accentFrom, DEFAULT_ACCENT } from "./theme.ts";

const rgb = (text: string): Rgb => parseColor(text) as Rgb;

describe("an accent of any colour", () => {
  const accents = ["#000000", "#ffffff", "#ff0000", "#00ff00", "#0000ff", "#facc15", "#0f766e", "#7c3aed", "#808080", "#777777", "#f97316"];
  it.each(accents)("%s carries readable ink and is readable as text", (accent) => {
    const look = accentFrom(accent);
    expect(contrast(rgb(look.accent), rgb(look.ink))).toBeGreaterThanOrEqual(4.5);
    for (const surface of ["#ffffff", "#eff2f5"]) expect(contrast(rgb(look.onLight), rgb(surface))).toBeGreaterThanOrEqual(4.5);
    for (const surface of ["#131b23", "#212c37"]) expect(contrast(rgb(look.onDark), rgb(surface))).toBeGreaterThanOrEqual(4.5);
  });

  it("carries readable ink on every grey", () => {
    for (let grey = 0; grey < 256; grey++) expect(contrast([grey, grey, grey], inkOn([grey, grey, grey]))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(["", "red", "#12", "#12345g", "javascript:1"])("%j falls back to the house's own", (text) => {
    expect(accentFrom(text).accent).toBe(DEFAULT_ACCENT);
  });

  it("leaves a colour alone that reads already", () => {
    expect(readableOn(rgb("#0f766e"), rgb("#ffffff"))).toEqual(rgb("#0f766e"));
    expect(inkOn(rgb("#0f766e"))).toEqual([255, 255, 255]);
    expect(parseColor("#0f8")).toEqual([0, 255, 136]);
  });
});

describe("the stylesheet's own colours", () => {
  const [light = "", dark = ""] = css.split("@media (prefers-color-scheme: dark)");
  const token = (set: string, name: string): Rgb => rgb(new RegExp(`--${name}: (#[\\da-f]{3,6});`).exec(set)?.[1] ?? "");
  const pairs: [string, string, number][] = [
    ["text", "surface", 4.5],
    ["text", "bubble", 4.5],
    ["text-soft", "surface", 4.5],
    ["text-soft", "bubble", 4.5],
    ["text-soft", "surface-sunk", 4.5],
    ["danger", "surface", 4.5],
    ["danger", "danger-soft", 4.5],
    ["warning-text", "warning-soft", 4.5],
    ["border-strong", "surface", 3],
    ["positive", "surface", 3],
  ];
  describe.each([
    ["light", light],
    ["dark", dark],
  ])("%s", (_, set) => {
    it.each(pairs)("%s on %s", (front, back, least) => expect(contrast(token(set, front), token(set, back))).toBeGreaterThanOrEqual(least));
  });
});
