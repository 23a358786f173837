import i18next from "i18next";

/** Bytes as people read them: "340 kB". */
export function fileSize(bytes: number): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log(bytes) / Math.log(1000)));
  return new Intl.NumberFormat(i18next.language, {
    style: "unit",
    unit: units[power] ?? "byte",
    unitDisplay: power === 0 ? "narrow" : "short",
    maximumFractionDigits: power > 1 ? 1 : 0,
  }).format(bytes / 1000 ** power);
}
