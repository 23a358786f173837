import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { colours } from "~/lib/tags.ts";

const css = readFileSync(new URL("tokens.css", import.meta.url), "utf8");

function roles(selector: string): Map<string, string> {
  const start = css.indexOf(`${selector} {`);
  const body = css.slice(start, css.indexOf("}", start));
  return new Map([...body.matchAll(/(--[\w-]+):\s*(#[0-9a-f]{6});/gi)].map((m) => [m[1] ?? "", m[2] ?? ""]));
}

const light = roles(":root");
const dark = roles(':root[data-mantine-color-scheme="dark"]');
const themes = { light, dark };

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const surfaces = [
  "--surface-0",
  "--surface-1",
  "--surface-2",
  "--surface-hover",
  "--surface-selected",
  "--surface-sunken",
];
const bubbles = ["--bubble-in", "--bubble-out", "--bubble-bot"];
const pairs: [string, string[]][] = [
  ["--text-primary", [...surfaces, ...bubbles]],
  ["--text-secondary", [...surfaces, ...bubbles]],
  ["--text-disabled", surfaces],
  ["--text-accent", [...surfaces, ...bubbles]],
  ["--text-note", ["--note"]],
  ["--text-toast", ["--toast"]],
  ["--toast-action", ["--toast"]],
  ["--text-media", ["--media"]],
  ["--on-accent", ["--accent", "--accent-hover"]],
  ["--positive", ["--positive-surface", "--surface-1", "--surface-2"]],
  ["--warning", ["--warning-surface", ...surfaces]],
  ["--danger", ["--danger-surface", ...surfaces]],
  ...colours.map((colour): [string, string[]] => [`--on-tag-${colour}`, [`--tag-${colour}`]]),
  ["--on-avatar", [1, 2, 3, 4, 5, 6].map((n) => `--avatar-${n}`)],
];

describe.each(["light", "dark"] as const)("contrast, %s", (name) => {
  const theme = themes[name];
  it.each(pairs.flatMap(([text, grounds]) => grounds.map((ground) => [text, ground] as const)))(
    "%s on %s is at least 4.5 to 1",
    (text, ground) => {
      const front = theme.get(text);
      const back = theme.get(ground);
      expect(front, text).toBeDefined();
      expect(back, ground).toBeDefined();
      expect(contrast(front ?? "", back ?? "")).toBeGreaterThanOrEqual(4.5);
    },
  );
});

describe("roles", () => {
  it("are all given their own value in the dark", () => {
    expect([...light.keys()].filter((role) => !dark.has(role))).toEqual([]);
  });
});
