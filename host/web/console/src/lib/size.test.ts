import i18next from "i18next";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { fileSize } from "./size.ts";

beforeAll(async () => {
  vi.stubGlobal("navigator", { languages: ["ru-RU", "en-US"] });
  await i18next.init({ lng: "en" });
});
afterAll(() => vi.unstubAllGlobals());

it("says sizes with a space before the unit, in any language", async () => {
  const plain = (bytes: number) => fileSize(bytes).replaceAll(/\s/g, " ");
  expect([0, 24, 340_000, 2_500_000].map(plain)).toEqual(["0 B", "24 B", "340 kB", "2.5 MB"]);
  await i18next.changeLanguage("ru");
  expect([24, 2_500_000].map(plain)).toEqual(["24 Б", "2,5 МБ"]);
});
