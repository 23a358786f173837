/** Words, numbers and dates in the visitor's language. */
import { en, type Key } from "./en.ts";
import { ru } from "./ru.ts";

export type Locale = "ru" | "en";
/** The start of keys that come in plural forms. */
export type CountedKey = { [K in Key]: K extends `${infer Start}_other` ? (`${Start}_one` extends Key ? Start : never) : never }[Key];

const TABLES: Record<Locale, Record<Key, string>> = { en, ru };

export interface Words {
  locale: Locale;
  say: (key: Key, values?: Record<string, string | number>) => string;
  /** Chooses the plural form; `{n}` is the number, written by locale. */
  count: (key: CountedKey, n: number) => string;
  time: (at: string) => string;
  /** Date and time in full, for hovering. */
  exact: (at: string) => string;
  /** Today, yesterday, or the date; the year only when it is not the present one. */
  day: (at: string, now?: Date) => string;
  /** Bytes, in the largest unit that keeps the number at least 1. */
  size: (bytes: number) => string;
  percent: (share: number) => string;
}

/** The first of the browser's languages decides; languages without a table get English. */
export function chooseLocale(wanted: string | undefined, languages: readonly string[]): Locale {
  if (wanted === "ru" || wanted === "en") return wanted;
  return languages[0]?.toLowerCase().startsWith("ru") ? "ru" : "en";
}

function fill(text: string, values: Record<string, string | number> = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

const dayOf = (date: Date): number => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();

export function wordsFor(locale: Locale): Words {
  const table = TABLES[locale];
  const plural = new Intl.PluralRules(locale);
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(locale, { style: "percent" });
  const time = new Intl.DateTimeFormat(locale, { timeStyle: "short" });
  const exact = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short" });
  const units = locale === "ru" ? ["Б", "КБ", "МБ", "ГБ"] : ["B", "KB", "MB", "GB"];
  const say: Words["say"] = (key, values) => fill(table[key], values);
  return {
    locale,
    say,
    count: (key, n) => fill(table[`${key}_${plural.select(n)}` as Key], { n: number.format(n) }),
    time: (at) => time.format(new Date(at)),
    exact: (at) => exact.format(new Date(at)),
    day(at, now = new Date()) {
      const date = new Date(at);
      const days = Math.round((dayOf(now) - dayOf(date)) / 86_400_000);
      if (days === 0) return say("today");
      if (days === 1) return say("yesterday");
      const year = date.getFullYear() === now.getFullYear() ? {} : { year: "numeric" as const };
      return new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", ...year }).format(date);
    },
    size(bytes) {
      const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log(bytes) / Math.log(1024)));
      return `${number.format(bytes / 1024 ** power)}\u00a0${units[power] ?? ""}`;
    },
    percent: (share) => percent.format(share),
  };
}
