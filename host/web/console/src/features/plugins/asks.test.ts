import { describe, expect, it } from "vitest";
import { readAsk, readHost } from "./asks.ts";

describe("hosts", () => {
  it("are one host, all names below one, or what a setting says", () => {
    expect(readHost("https://api.example.org")).toEqual({ kind: "exact", host: "api.example.org", encrypted: true });
    expect(readHost("http://box.example.org:8080")).toEqual({ kind: "exact", host: "box.example.org:8080", encrypted: false });
    expect(readHost("https://*.example.org")).toEqual({ kind: "below", host: "example.org" });
    expect(readHost("config:base_url")).toEqual({ kind: "setting", name: "base_url" });
  });
});

describe("asks", () => {
  it("are read from the host's sentences", () => {
    expect(
      [
        "calls https://*.example.org",
        "stores 5000000 bytes",
        "needs 128 MiB of memory",
        "needs 500 ms of processor time",
        "needs 60 s for a call",
        "needs 30 s for a request",
        "runs on this host",
      ].map(readAsk),
    ).toEqual([
      { kind: "host", pattern: "https://*.example.org" },
      { kind: "storage", bytes: 5_000_000 },
      { kind: "memory", amount: 128 },
      { kind: "cpu", amount: 500 },
      { kind: "call", amount: 60 },
      { kind: "request", amount: 30 },
      { kind: "run" },
    ]);
  });

  it("keep the words of what is not known", () => {
    for (const text of ["reveals secrets", "needs 3 threads", "calls", "stores many bytes", "needs 7 toString"]) {
      expect(readAsk(text)).toEqual({ kind: "other", text });
    }
  });
});
