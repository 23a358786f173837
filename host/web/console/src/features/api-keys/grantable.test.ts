import { expect, test } from "vitest";
import { endsAt, grantable, grouped, inOrder } from "./grantable.ts";

test("nobody gives what they lack, what is nothing for a key, or what cannot be confined", () => {
  const own = ["messages.send", "conversations.take", "audit.read", "api_keys.manage", "operators.manage"] as const;
  expect(grantable([...own], false)).toEqual(["messages.send", "audit.read"]);
  expect(grantable([...own], true)).toEqual(["messages.send"]);
});

test("a key ends after so many days", () => {
  expect(endsAt(Date.UTC(2026, 0, 1), "90")).toBe("2026-04-01T00:00:00.000Z");
});

test("rights stand under what they are about", () => {
  expect(grouped(["audit.read", "files.upload", "messages.send"])).toEqual([
    ["talk", ["files.upload", "messages.send"]],
    ["setup", ["audit.read"]],
  ]);
});

test("keys that work come before those that are over", () => {
  const keys = [{ state: "expired" }, { state: "active" }, { state: "revoked" }, { state: "suspended" }] as const;
  expect(inOrder([...keys]).map((key) => key.state)).toEqual(["active", "suspended", "expired", "revoked"]);
});
