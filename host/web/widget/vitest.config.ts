import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { environment: "jsdom", include: ["*.test.ts", "{loader,frame}/src/**/*.test.ts"], css: true },
});
