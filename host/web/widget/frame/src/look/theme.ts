/** Gives the stylesheet its accent colours, for the light and the dark set. */
import { formatColor, inkOn, parseColor, readableOn, type Rgb } from "./color.ts";

/** Used when a configured colour cannot be read. */
export const DEFAULT_ACCENT = "#0f766e";

/** `--bubble` of `styles/base.css`, light and dark: of all surfaces the one on which accent-coloured text reads worst. */
const LIGHT: Rgb = [239, 242, 245];
const DARK: Rgb = [33, 44, 55];

export interface Accent {
  /** `#rrggbb` */
  accent: string;
  /** Text on the accent. */
  ink: string;
  /** The accent as text on the light and on the dark surface. */
  onLight: string;
  onDark: string;
}

export function accentFrom(color: string): Accent {
  const rgb = parseColor(color) ?? (parseColor(DEFAULT_ACCENT) as Rgb);
  return {
    accent: formatColor(rgb),
    ink: formatColor(inkOn(rgb)),
    onLight: formatColor(readableOn(rgb, LIGHT)),
    onDark: formatColor(readableOn(rgb, DARK)),
  };
}

/** Written through the CSSOM, which a strict `style-src` allows. */
export function applyAccent(style: CSSStyleDeclaration, accent: Accent): void {
  style.setProperty("--accent", accent.accent);
  style.setProperty("--on-accent", accent.ink);
  style.setProperty("--accent-text-light", accent.onLight);
  style.setProperty("--accent-text-dark", accent.onDark);
}
