import { describe, expect, it } from "vitest";
import { shortKey, tally, troubles } from "./health.ts";

describe("health", () => {
  it("counts calls, the plugin's own errors, and faults", () => {
    const calls = { ok: 90, plugin_error: 6, trap: 3, cpu_timeout: 1 };
    expect(tally({ calls })).toEqual({ calls: 100, errors: 6, faults: 4 });
    expect(tally({ calls: {} })).toEqual({ calls: 0, errors: 0, faults: 0 });
  });

  it("lists what was no success, most frequent first", () => {
    expect(troubles({ calls: { ok: 9, trap: 1, plugin_error: 4, host_error: 0 } })).toEqual([
      ["plugin_error", 4],
      ["trap", 1],
    ]);
  });
});

describe("keys", () => {
  it("are as short as in the host's sentences", () => {
    expect(shortKey("0123456789abcdef0123456789abcdef")).toBe("0123456789abcdef");
  });
});
