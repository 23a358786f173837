import type { PluginLogLine } from "@omnichat/api-client/types";
import { describe, expect, it } from "vitest";
import { everything, levels, passes, values } from "./log-filter.ts";

const line = (level: PluginLogLine["level"], fn: string, account: string): PluginLogLine => ({
  at: "2026-01-01T00:00:00Z",
  level,
  export: fn,
  account,
  message: "",
  fields: "",
});
const lines = [line("error", "send", "a"), line("warn", "send", "b"), line("info", "parse", "a"), line("debug", "describe", "")];

describe("the log", () => {
  it("is filtered by gravity, function and account, together", () => {
    const shown = (filter: Partial<typeof everything>) =>
      lines.filter((one) => passes(one, { ...everything, ...filter })).map(({ level }) => level);
    expect(shown({})).toEqual(levels.toReversed());
    expect(shown({ least: "warn" })).toEqual(["error", "warn"]);
    expect(shown({ export: "send" })).toEqual(["error", "warn"]);
    expect(shown({ account: "a" })).toEqual(["error", "info"]);
    expect(shown({ account: "" })).toEqual(["debug"]);
    expect(shown({ least: "warn", export: "send", account: "b" })).toEqual(["warn"]);
  });

  it("offers what its lines have, and what is chosen", () => {
    expect(values(lines, "export", null)).toEqual(["describe", "parse", "send"]);
    expect(values(lines, "account", "gone")).toEqual(["", "a", "b", "gone"]);
  });
});
