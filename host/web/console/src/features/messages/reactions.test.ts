import { describe, expect, it } from "vitest";
import { countReactions } from "./reactions.ts";

const one = (emoji: string, name: string, count = 1) => ({
  emoji,
  by: "customer" as const,
  person: name === "" ? null : name,
  name,
  count,
});

describe("reactions", () => {
  it("of several people are counted by emoji, the most frequent first", () => {
    const counted = countReactions([one("🔥", "Lev"), one("👍", "Ira"), one("👍", "Lev")]);
    expect(counted).toEqual([
      { emoji: "👍", count: 2, names: ["Ira", "Lev"], by: "customer" },
      { emoji: "🔥", count: 1, names: ["Lev"], by: "customer" },
    ]);
  });

  it("of people who are not named add to the count alone", () => {
    expect(countReactions([one("👍", "", 7), one("👍", "Ira")])).toEqual([
      { emoji: "👍", count: 8, names: ["Ira"], by: "customer" },
    ]);
  });
});
