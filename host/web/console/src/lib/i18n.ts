/** The two languages; only the one in use is fetched. */
import type { Locale } from "@omnichat/api-client/types";
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { recallText, remember } from "./storage.ts";

const bundles: Record<Locale, () => Promise<{ default: object }>> = {
  en: () => import("~/locales/en/index.ts"),
  ru: () => import("~/locales/ru/index.ts"),
};

export function preferredLocale(): Locale {
  const saved = recallText("locale");
  if (saved === "ru" || saved === "en") return saved;
  return navigator.languages.some((l) => l.toLowerCase().startsWith("ru")) ? "ru" : "en";
}

export async function startI18n(): Promise<void> {
  const locale = preferredLocale();
  const bundle = await bundles[locale]();
  await i18next.use(initReactI18next).init({
    lng: locale,
    resources: { [locale]: { translation: bundle.default } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  document.documentElement.lang = locale;
}

/** How dates and numbers are written: the browser's own kind of the language in use, `en-GB` for English, if it names one. */
export function formatLocale(): string {
  const { language } = i18next;
  return navigator.languages.find((tag) => tag.toLowerCase().split("-")[0] === language) ?? language;
}

export function currentLocale(): Locale {
  return i18next.language === "ru" ? "ru" : "en";
}

export async function setLocale(locale: Locale): Promise<void> {
  remember("locale", locale);
  if (i18next.language === locale) return;
  if (!i18next.hasResourceBundle(locale, "translation")) {
    i18next.addResourceBundle(locale, "translation", (await bundles[locale]()).default);
  }
  await i18next.changeLanguage(locale);
  document.documentElement.lang = locale;
}
