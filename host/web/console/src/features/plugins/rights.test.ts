import type { PluginRights } from "@omnichat/api-client/types";
import { describe, expect, it } from "vitest";
import { beyond, readHost } from "./rights.ts";

const usual: PluginRights = {
  hosts: ["https://api.example.org"],
  kv_bytes: 1_048_576,
  kv_keys: 1000,
  memory_mb: 64,
  cpu_ms: 250,
  wall_s: 30,
  http_s: 10,
  warm: null,
  raised: [],
};
const greedy: PluginRights = {
  ...usual,
  hosts: ["https://api.example.org", "config:base_url"],
  memory_mb: 128,
  warm: { size: 2, max_calls: 100 },
  raised: ["memory_mb", "warm"],
};

describe("hosts", () => {
  it("are one host, all names below one, or what a setting says", () => {
    expect(readHost("https://api.example.org")).toEqual({ kind: "exact", host: "api.example.org", encrypted: true });
    expect(readHost("http://box.example.org:8080")).toEqual({ kind: "exact", host: "box.example.org:8080", encrypted: false });
    expect(readHost("https://*.example.org")).toEqual({ kind: "below", host: "example.org" });
    expect(readHost("config:base_url")).toEqual({ kind: "setting", name: "base_url" });
  });
});

describe("what is new", () => {
  it("is all that is unusual where nothing was granted", () => {
    expect(beyond(usual, null)).toEqual([{ kind: "host", pattern: "https://api.example.org" }]);
    expect(beyond(greedy, null)).toEqual([
      { kind: "host", pattern: "https://api.example.org" },
      { kind: "host", pattern: "config:base_url" },
      { kind: "memory_mb", amount: 128 },
      { kind: "warm", size: 2, calls: 100 },
    ]);
  });

  it("is what goes beyond what was granted, and nothing that goes less far", () => {
    expect(beyond(greedy, usual)).toEqual([
      { kind: "host", pattern: "config:base_url" },
      { kind: "memory_mb", amount: 128 },
      { kind: "warm", size: 2, calls: 100 },
    ]);
    expect(beyond(usual, greedy)).toEqual([]);
    expect(beyond({ ...greedy, warm: { size: 2, max_calls: 200 } }, greedy)).toEqual([{ kind: "warm", size: 2, calls: 200 }]);
  });
});
