import type { Capabilities } from "@omnichat/api-client/types";
import { describe, expect, it } from "vitest";
import { windowLeft } from "./reply-window.ts";

const channel = (window_hours: number | null) => ({ window_hours }) as Capabilities;
const noon = Date.UTC(2026, 0, 5, 12);

describe("reply window", () => {
  it("is open where the channel has none", () => {
    expect(windowLeft(channel(null), null, noon)).toBeNull();
  });
  it("counts from the customer's last message", () => {
    expect(windowLeft(channel(24), "2026-01-05T10:00:00Z", noon)).toBe(22 * 3_600_000);
    expect(windowLeft(channel(24), "2026-01-04T10:00:00Z", noon)).toBe(0);
  });
  it("is shut until the customer has written", () => {
    expect(windowLeft(channel(24), null, noon)).toBe(0);
  });
});
