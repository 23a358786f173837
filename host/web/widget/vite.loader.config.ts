import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

/** The page's script: one classic script under one stable name. */
export default defineConfig({
  publicDir: false,
  build: {
    outDir: fileURLToPath(new URL("dist", import.meta.url)),
    emptyOutDir: false,
    target: "es2022",
    // Browsers that know light-dark(): without this, `color-scheme` brings a polyfill along.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    lib: {
      entry: fileURLToPath(new URL("loader/src/main.ts", import.meta.url)),
      formats: ["iife"],
      name: "omnichatLoader",
      fileName: () => "loader.js",
    },
  },
});
