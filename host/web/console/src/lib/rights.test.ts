import { expect, test } from "vitest";
import en from "~/locales/en/index.ts";
import ru from "~/locales/ru/index.ts";
import { grouped, groups, known, rightLabel } from "./rights.ts";

test("every known right and group has a name in both languages, and nothing else has", () => {
  const names = known.map((right) => right.replace(".", "_")).sort();
  for (const { rights } of [en, ru]) {
    expect(Object.keys(rights.name).sort()).toEqual(names);
    expect(Object.keys(rights.group).sort()).toEqual([...groups].sort());
  }
});

test("a right that the console does not know keeps its bare name", () => {
  const t = ((key: string, { defaultValue }: { defaultValue: string }) =>
    key === "rights.name.audit_read" ? "Read the audit log" : defaultValue) as never;
  expect(rightLabel(t, "audit.read")).toBe("Read the audit log");
  expect(rightLabel(t, "shop.vouchers.manage")).toBe("shop.vouchers.manage");
});

test("rights stand under what they are about, in one order, each once", () => {
  const rights = ["shop.b", "audit.read", "files.upload", "messages.send", "shop.a", "messages.send", "operators.shout"];
  expect(grouped(rights)).toEqual([
    ["talk", ["messages.send", "files.upload"]],
    ["setup", ["audit.read"]],
    ["other", ["operators.shout", "shop.a", "shop.b"]],
  ]);
});
