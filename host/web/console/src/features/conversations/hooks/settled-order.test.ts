import { describe, expect, it } from "vitest";
import { settle } from "./settled-order.ts";

const rows = (...ids: string[]) => ids.map((id) => ({ id }));
const shown = (before: string[], truth: string[], held: boolean) => {
  const result = settle(before, rows(...truth), held);
  return [result.rows.map((r) => r.id).join(""), result.waiting];
};

describe("settled order", () => {
  it("follows the truth while nothing holds it", () => {
    expect(shown(["a", "b"], ["c", "b", "a"], false)).toEqual(["cba", 0]);
  });
  it("keeps places and counts what waits above", () => {
    expect(shown(["a", "b", "c"], ["n", "c", "a", "b"], true)).toEqual(["abc", 1]);
  });
  it("takes out rows that left", () => {
    expect(shown(["a", "b", "c"], ["a", "c"], true)).toEqual(["ac", 0]);
  });
  it("appends a further page", () => {
    expect(shown(["a", "b"], ["a", "b", "c", "d"], true)).toEqual(["abcd", 0]);
  });
  it("shows the first rows of a list that was empty", () => {
    expect(shown([], ["a"], true)).toEqual(["a", 0]);
  });
});
