/** Colours that stay readable whatever accent a site chose. Contrast by WCAG 2.2. */

export type Rgb = [red: number, green: number, blue: number];

/** Reads `#rgb` or `#rrggbb`; null for anything else. */
export function parseColor(text: string): Rgb | null {
  const short = /^#([\da-f])([\da-f])([\da-f])$/i.exec(text);
  const long = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(text);
  const parts = (short ?? long)?.slice(1).map((part) => parseInt(part.length === 1 ? part + part : part, 16));
  return parts ? (parts as Rgb) : null;
}

export const formatColor = (rgb: Rgb): string => `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;

function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const WHITE: Rgb = [255, 255, 255];
const INK: Rgb = [11, 18, 25];

const BLACK: Rgb = [0, 0, 0];

/** White where it reads on `background` (4.5:1), else near-black; pure black on the few greys between, where only it does. */
export function inkOn(background: Rgb): Rgb {
  return [WHITE, INK].find((ink) => contrast(background, ink) >= 4.5) ?? BLACK;
}

/** `color` moved towards white or black until it reads on `background` as text (4.5:1). */
export function readableOn(color: Rgb, background: Rgb): Rgb {
  const target = luminance(background) > 0.4 ? INK : WHITE;
  for (let share = 0; share <= 1; share += 0.05) {
    const mixed = color.map((part, index) => part + ((target[index] ?? 0) - part) * share) as Rgb;
    if (contrast(mixed, background) >= 4.5) return mixed;
  }
  return target;
}
