import { useTranslation } from "react-i18next";

/** Says figures as the viewer's language writes them: "12,480", "3.2 s". */
export function useNumber(): (value: number, options?: Intl.NumberFormatOptions) => string {
  const { i18n } = useTranslation();
  return (value, options) => new Intl.NumberFormat(i18n.language, options).format(value);
}
