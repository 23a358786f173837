import i18next from "i18next";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { clock, moment, precise } from "./time.ts";

const at = new Date(2026, 1, 21, 21, 5, 9).getTime();
const plain = (text: string) => text.replaceAll(/\s/g, " ");

beforeAll(() => i18next.init({ lng: "en" }));
afterEach(() => vi.unstubAllGlobals());

describe("dates and times", () => {
  it("are written as the browser's own kind of the language writes them", () => {
    const written = (...languages: string[]) => {
      vi.stubGlobal("navigator", { languages });
      return [clock(at), moment(at), precise(at)].map(plain);
    };
    expect(written("ru-RU", "en-GB", "en-US")).toEqual(["21:05", "21 Feb 2026, 21:05", "21 Feb, 21:05:09"]);
    expect(written("en-US")).toEqual(["9:05 PM", "Feb 21, 2026, 9:05 PM", "Feb 21, 9:05:09 PM"]);
  });

  it("follow the language of the console where the browser names none of its kind", async () => {
    vi.stubGlobal("navigator", { languages: ["en-US"] });
    await i18next.changeLanguage("ru");
    expect(clock(at)).toBe("21:05");
    await i18next.changeLanguage("en");
  });
});
