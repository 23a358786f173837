import { describe, expect, it } from "vitest";
import { snoozeChoices } from "./snooze-times.ts";

const ids = (now: Date) => snoozeChoices(now).map((c) => c.id);

describe("snooze choices", () => {
  it("offers the evening only well before it", () => {
    expect(ids(new Date(2026, 0, 7, 12))).toContain("evening");
    expect(ids(new Date(2026, 0, 7, 17, 30))).not.toContain("evening");
  });
  it("wakes on the coming Monday at nine", () => {
    const monday = snoozeChoices(new Date(2026, 0, 7, 12)).find((c) => c.id === "monday")?.at;
    expect(monday).toEqual(new Date(2026, 0, 12, 9));
  });
  it("does not say Monday twice on a Sunday, and looks a week ahead on a Monday", () => {
    expect(ids(new Date(2026, 0, 11, 12))).not.toContain("monday");
    const next = snoozeChoices(new Date(2026, 0, 12, 12)).find((c) => c.id === "monday")?.at;
    expect(next).toEqual(new Date(2026, 0, 19, 9));
  });
});
