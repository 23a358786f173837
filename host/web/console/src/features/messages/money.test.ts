import { describe, expect, it } from "vitest";
import { money } from "./money.ts";

const say = (value: number, options?: Intl.NumberFormatOptions) => new Intl.NumberFormat("en-GB", options).format(value);

describe("amounts", () => {
  it.each([
    ["45.50", "EUR", "€45.50"],
    ["1500", "JPY", "JP¥1,500"],
    ["50", "XTR", "50 ⭐"],
    ["1.250", "KWD", "KWD\u00a01.250"],
  ])("%s %s is said as %s", (amount, currency, expected) => {
    expect(money(amount, currency, say)).toBe(expected);
  });

  it("that nobody can read stay as they came", () => {
    expect(money("much", "EUR", say)).toBe("much EUR");
    expect(money("5", "no money", say)).toBe("5 no money");
  });
});
