import { describe, expect, it } from "vitest";
import { keyed } from "./keyed.ts";

const line = (message: string) => ({ at: "2026-01-01T00:00:00Z", message });

describe("keys of lines", () => {
  it("are kept when newer lines come, also by lines that are alike", () => {
    const before = [line("b"), line("a"), line("a")];
    const after = [line("a"), line("b"), ...before];
    const keys = keyed(before).map(([key]) => key);
    expect(new Set(keys).size).toBe(3);
    expect(keyed(after).slice(2).map(([key]) => key)).toEqual(keys);
    expect(new Set(keyed(after).map(([key]) => key)).size).toBe(5);
    expect(keyed(after).map(([, item]) => item)).toEqual(after);
  });
});
