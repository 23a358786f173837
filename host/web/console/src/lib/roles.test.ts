import { expect, test } from "vitest";
import { isBuiltIn, mayGive } from "./roles.ts";

test("built-in roles are told from own ones", () => {
  expect(isBuiltIn("senior")).toBe(true);
  expect(isBuiltIn(`role_${"0".repeat(32)}`)).toBe(false);
});

test("nobody gives what they lack, and what is gone is nobody's to lack", () => {
  const existing = ["messages.send", "audit.read"];
  expect(mayGive(["messages.send"], ["messages.send", "shop.gone"], existing)).toBe(true);
  expect(mayGive(["messages.send"], ["messages.send", "audit.read"], existing)).toBe(false);
});
