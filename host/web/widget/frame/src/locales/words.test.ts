import { describe, expect, it } from "vitest";
import { en } from "./en.ts";
import { ru } from "./ru.ts";
import { chooseLocale, wordsFor } from "./words.ts";

const blanks = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();

describe("the tables", () => {
  it("have the same keys", () => {
    expect(Object.keys(ru).sort()).toEqual(Object.keys(en).sort());
  });

  it.each(Object.keys(en) as (keyof typeof en)[])("say %s with the same blanks, and not in the other language", (key) => {
    expect(blanks(ru[key])).toEqual(blanks(en[key]));
    expect(ru[key].trim()).not.toBe("");
    expect(en[key].trim()).not.toBe("");
    expect(ru[key]).toMatch(/[а-яё]/i);
    expect(en[key]).not.toMatch(/[а-яё]/i);
  });

  it("keep to the house's manner: no exclamation marks", () => {
    expect(Object.values({ ...en, ...ru }).filter((text) => text.includes("!"))).toEqual([]);
    expect(Object.values(ru).filter((text) => text.includes("!"))).toEqual([]);
  });
});

describe("plural forms", () => {
  it.each([
    [1, "1 непрочитанное сообщение"],
    [2, "2 непрочитанных сообщения"],
    [5, "5 непрочитанных сообщений"],
    [11, "11 непрочитанных сообщений"],
    [21, "21 непрочитанное сообщение"],
    [112, "112 непрочитанных сообщений"],
  ])("%i in Russian", (n, text) => expect(wordsFor("ru").count("unread", n)).toBe(text));

  it.each([
    [1, "1 new message"],
    [2, "2 new messages"],
    [21, "21 new messages"],
  ])("%i in English", (n, text) => expect(wordsFor("en").count("new", n)).toBe(text));
});

describe("chooseLocale", () => {
  it.each([
    ["ru", ["en-US"], "ru"],
    ["en", ["ru-RU"], "en"],
    ["auto", ["ru-RU", "en"], "ru"],
    ["auto", ["en-GB", "ru"], "en"],
    ["auto", ["de"], "en"],
    [undefined, [], "en"],
  ] as const)("%s with %j gives %s", (wanted, languages, locale) => expect(chooseLocale(wanted, languages)).toBe(locale));
});

describe("days and sizes", () => {
  const now = new Date(2026, 2, 10, 12);
  const at = (...parts: [number, number, number, number]): string => new Date(...parts).toISOString();
  it.each([
    [at(2026, 2, 10, 0), "Today"],
    [at(2026, 2, 9, 23), "Yesterday"],
    [at(2026, 2, 1, 12), "March 1"],
    [at(2025, 11, 31, 12), "December 31, 2025"],
  ])("%s is %s", (time, text) => expect(wordsFor("en").day(time, now)).toBe(text));

  it.each([
    [0, "0\u00a0B"],
    [1023, "1,023\u00a0B"],
    [1536, "1.5\u00a0KB"],
    [20 * 1024 * 1024, "20\u00a0MB"],
  ])("%i bytes are %s", (bytes, text) => expect(wordsFor("en").size(bytes)).toBe(text));
});
