import { useTranslation } from "react-i18next";
import { formatLocale } from "./i18n.ts";

/** Says figures as the viewer's language writes them: "12,480", "3.2 s". */
export function useNumber(): (value: number, options?: Intl.NumberFormatOptions) => string {
  // A change of the language draws anew whatever shows figures.
  useTranslation();
  return (value, options) => new Intl.NumberFormat(formatLocale(), options).format(value);
}
