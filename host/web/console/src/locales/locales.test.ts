import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import en from "./en/index.ts";
import ru from "./ru/index.ts";

type Tree = { [key: string]: string | Tree };

function flatten(tree: Tree, prefix = ""): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === "string") flat.set(prefix + key, value);
    else for (const [k, v] of flatten(value, `${prefix}${key}.`)) flat.set(k, v);
  }
  return flat;
}

const plural = /_(one|few|many|other)$/;
const base = (key: string) => key.replace(plural, "");
const texts = { en: flatten(en), ru: flatten(ru) };
const forms = { en: ["one", "other"], ru: ["one", "few", "many", "other"] };
const root = new URL("..", import.meta.url).pathname;

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) && !entry.name.includes(".test.") ? [readFileSync(path, "utf8")] : [];
  });
}

describe("languages", () => {
  it("have the same keys", () => {
    const keysOf = (flat: Map<string, string>) => [...new Set([...flat.keys()].map(base))].sort();
    expect(keysOf(texts.ru)).toEqual(keysOf(texts.en));
  });

  it.each(["en", "ru"] as const)("have every plural form of %s", (language) => {
    const counted = [...texts[language].keys()].filter((key) => plural.test(key)).map(base);
    expect(counted.length).toBeGreaterThan(0);
    for (const key of new Set(counted)) {
      for (const form of forms[language]) expect(texts[language].has(`${key}_${form}`), `${key}_${form}`).toBe(true);
    }
  });

  it("use the same placeholders", () => {
    const holes = (text: string) => [...new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1] ?? ""))].sort();
    for (const [key, text] of texts.en) {
      const russian = texts.ru.get(key);
      if (russian !== undefined) expect(holes(russian), key).toEqual(holes(text));
    }
  });

  it("leave nothing empty and nobody shouting", () => {
    for (const language of ["en", "ru"] as const) {
      for (const [key, text] of texts[language]) {
        expect(text.trim(), key).not.toBe("");
        expect(text, key).not.toMatch(/!/);
      }
    }
  });

  it("have every key that the code asks for", () => {
    const asked = sources(root).flatMap((text) => [...text.matchAll(/\bt\(\s*"([a-z][\w.]+)"/g)].map((m) => m[1] ?? ""));
    expect(asked.length).toBeGreaterThan(100);
    const known = new Set([...texts.en.keys()].map(base));
    expect(asked.filter((key) => !known.has(key))).toEqual([]);
  });

  it("count in Russian as Russians do", () => {
    const form = (n: number) => texts.ru.get(`composer.left_${new Intl.PluralRules("ru").select(n)}`);
    expect([1, 3, 5, 11, 21].map(form)).toEqual([
      "Остался {{count}} знак",
      "Осталось {{count}} знака",
      "Осталось {{count}} знаков",
      "Осталось {{count}} знаков",
      "Остался {{count}} знак",
    ]);
  });
});
