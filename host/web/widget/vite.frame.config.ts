import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

/** The frame: an ordinary page whose assets carry hashes. The CSP allows no inline script, so Vite must not add any. */
export default defineConfig({
  root: fileURLToPath(new URL("frame", import.meta.url)),
  base: "/widget/",
  build: {
    outDir: fileURLToPath(new URL("dist/frame", import.meta.url)),
    emptyOutDir: true,
    target: "es2022",
    // Browsers that know light-dark(): without this, `color-scheme` brings a polyfill along.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
