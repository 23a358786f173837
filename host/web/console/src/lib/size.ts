import { formatLocale } from "./i18n.ts";

/** Bytes as people read them: "340 kB". */
export function fileSize(bytes: number): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log(bytes) / Math.log(1000)));
  const parts = new Intl.NumberFormat(formatLocale(), {
    style: "unit",
    unit: units[power] ?? "byte",
    unitDisplay: power === 0 ? "narrow" : "short",
    maximumFractionDigits: power > 1 ? 1 : 0,
  }).formatToParts(bytes / 1000 ** power);
  // The narrow form sets no space of its own in English: "24B".
  const spaced = parts.some(({ type }) => type === "literal");
  return parts.map(({ type, value }) => (type === "unit" && !spaced ? `\u00a0${value}` : value)).join("");
}
