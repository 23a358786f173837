import { expect, it } from "vitest";
import { delayBefore } from "./backoff.ts";

it("doubles from half a second to fifteen seconds and stays there", () => {
  const longest = [0, 1, 2, 3, 4, 5, 6, 50, 5000].map((attempt) => delayBefore(attempt, () => 1));
  expect(longest).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000, 15_000]);
});

it("spreads the waits over the upper half of each step", () => {
  expect(delayBefore(2, () => 0)).toBe(1000);
  expect(delayBefore(2, () => 0.5)).toBe(1500);
  const many = Array.from({ length: 200 }, () => delayBefore(5));
  expect(Math.min(...many)).toBeGreaterThanOrEqual(7500);
  expect(Math.max(...many)).toBeLessThanOrEqual(15_000);
  expect(new Set(many).size).toBeGreaterThan(50);
});
