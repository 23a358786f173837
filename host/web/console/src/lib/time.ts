/** Times in the viewer's zone and language: relative up to a day, a date after it, exact on hover. */
import i18next from "i18next";
import { useEffect, useState } from "react";
import { formatLocale } from "./i18n.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const formats = new Map<string, Intl.DateTimeFormat>();
function format(at: string | number | Date, options: Intl.DateTimeFormatOptions): string {
  const locale = formatLocale();
  const key = locale + JSON.stringify(options);
  let formatter = formats.get(key);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat(locale, options);
    formats.set(key, formatter);
  }
  return formatter.format(new Date(at));
}

/** "9:05 PM" where the day has twice twelve hours, "09:05" where it has twenty-four. */
function hour(): "numeric" | "2-digit" {
  const { hour12 } = new Intl.DateTimeFormat(formatLocale(), { hour: "numeric" }).resolvedOptions();
  return hour12 === true ? "numeric" : "2-digit";
}

export function clock(at: string | number): string {
  return format(at, { timeStyle: "short" });
}

export function exact(at: string | number): string {
  return format(at, { dateStyle: "long", timeStyle: "medium" });
}

/** A day alone, where the hour says nothing. */
export function day(at: string | number): string {
  return format(at, { dateStyle: "long" });
}

/** Day and time, where they are read rather than looked up. */
export function moment(at: string | number): string {
  return format(at, { dateStyle: "medium", timeStyle: "short" });
}

/** To the second, where lines are compared. */
export function precise(at: string | number): string {
  return format(at, { day: "numeric", month: "short", hour: hour(), minute: "2-digit", second: "2-digit" });
}

export function shortDate(at: string | number, now: number = Date.now()): string {
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return format(at, { day: "numeric", month: "short", ...(sameYear ? {} : { year: "numeric" }) });
}

/** "Today", "Yesterday", or the date with its weekday. */
export function dayTitle(at: string | number, now: number = Date.now()): string {
  const start = (t: number) => new Date(t).setHours(0, 0, 0, 0);
  const days = Math.round((start(now) - start(new Date(at).getTime())) / dayMs);
  if (days === 0) return i18next.t("time.today");
  if (days === 1) return i18next.t("time.yesterday");
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return format(at, {
    weekday: "short",
    day: "numeric",
    month: "long",
    ...(sameYear ? {} : { year: "numeric" }),
  });
}

/** As short as a list row needs: "now", "5 min", "3 h", then the date. */
export function brief(at: string, now: number): string {
  const age = now - new Date(at).getTime();
  if (age < minuteMs) return i18next.t("time.now");
  if (age < hourMs) return i18next.t("time.minutes", { n: Math.floor(age / minuteMs) });
  if (age < dayMs) return i18next.t("time.hours", { n: Math.floor(age / hourMs) });
  return shortDate(at, now);
}

/** A length of time in one unit: "12 min", "3 h", "2 d". */
export function span(ms: number): string {
  if (ms < hourMs) return i18next.t("time.minutes", { n: Math.max(1, Math.floor(ms / minuteMs)) });
  if (ms < dayMs) return i18next.t("time.hours", { n: Math.floor(ms / hourMs) });
  return i18next.t("time.days", { n: Math.floor(ms / dayMs) });
}

/** Minutes and seconds of a recording. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** The current time, told again each half minute so that relative times stay true. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), 30_000);
    return () => window.clearInterval(timer);
  }, []);
  return now;
}
