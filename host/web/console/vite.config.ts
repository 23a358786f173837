import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const host = process.env["OMNICHAT_URL"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  base: "/",
  plugins: [react()],
  resolve: { alias: { "~": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: "dist",
    sourcemap: false,
    // The size check reads from it what a first load fetches.
    manifest: true,
    target: "es2022",
    // A data: font would break the content security policy.
    assetsInlineLimit: 0,
  },
  server: {
    port: 5173,
    proxy: {
      "/api": { target: host, ws: true },
      "/widget": { target: host, ws: true },
    },
  },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
