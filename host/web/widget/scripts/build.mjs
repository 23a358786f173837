// Builds dist/: loader.js (served at /widget/loader.js), frame/ (index.html at /widget/frame, assets at /widget/assets/),
// demo/ (at /widget/demo). Fails when the loader or the whole widget outgrows its budget.
import { cpSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
const LOADER_MOST = 4 * 1024;
const WIDGET_MOST = 40 * 1024;

rmSync(dist, { recursive: true, force: true });
await build({ configFile: join(root, "vite.frame.config.ts"), logLevel: "warn" });
await build({ configFile: join(root, "vite.loader.config.ts"), logLevel: "warn" });
cpSync(join(root, "demo"), join(dist, "demo"), { recursive: true });

const weigh = (path) => gzipSync(readFileSync(path), { level: 9 }).length;
const loader = weigh(join(dist, "loader.js"));
const parts = readdirSync(join(dist, "frame"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
const frame = parts.reduce((sum, entry) => sum + weigh(join(entry.parentPath, entry.name)), 0);
const show = (bytes) => `${(bytes / 1024).toFixed(2)} kB`;
console.log(
  `widget, gzip: loader ${show(loader)} of ${show(LOADER_MOST)}, loader and frame ${show(loader + frame)} of ${show(WIDGET_MOST)}`,
);
if (loader > LOADER_MOST || loader + frame > WIDGET_MOST) {
  console.error("widget: over its budget");
  process.exitCode = 1;
}
