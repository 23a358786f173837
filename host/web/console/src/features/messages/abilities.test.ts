import { describe, expect, it } from "vitest";
import { sends, sendsText } from "./abilities.ts";

describe("what can be sent", () => {
  it("is a text where there is one, however short", () => {
    expect(sendsText({ text_max: 1 })).toBe(true);
    expect(sendsText({ text_max: 0 })).toBe(false);
  });

  it("may be files alone, or nothing", () => {
    expect(sends({ text_max: 0, attachments_max: 1 })).toBe(true);
    expect(sends({ text_max: 4096, attachments_max: 0 })).toBe(true);
    expect(sends({ text_max: 0, attachments_max: 0 })).toBe(false);
  });
});
