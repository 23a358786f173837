import { expect, test } from "vitest";
import { endsAt, grantable, inOrder } from "./grantable.ts";

test("nobody gives what they lack, what is nothing for a key, or what cannot be confined", () => {
  const own = ["messages.send", "conversations.take", "audit.read", "api_keys.manage", "operators.manage", "shop.till.open"];
  expect(grantable(own, false)).toEqual(["messages.send", "audit.read", "shop.till.open"]);
  expect(grantable(own, true)).toEqual(["messages.send", "shop.till.open"]);
});

test("a key ends after so many days", () => {
  expect(endsAt(Date.UTC(2026, 0, 1), "90")).toBe("2026-04-01T00:00:00.000Z");
});

test("keys that work come before those that are over", () => {
  const keys = [{ state: "expired" }, { state: "active" }, { state: "revoked" }, { state: "suspended" }] as const;
  expect(inOrder([...keys]).map((key) => key.state)).toEqual(["active", "suspended", "expired", "revoked"]);
});
