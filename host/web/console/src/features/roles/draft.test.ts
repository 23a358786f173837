import { expect, test } from "vitest";
import { bodyOf, draftOf, duplicateOf } from "./draft.ts";

const role = { name: "Trainee", description: null, permissions: ["messages.note", "shop.gone"] };

test("a draft is saved as the role it was made of", () => {
  expect(bodyOf(draftOf(role))).toEqual(role);
  expect(bodyOf({ name: " Lead ", description: " Leads ", permissions: [] })).toEqual({
    name: "Lead",
    description: "Leads",
    permissions: [],
  });
});

test("a duplicate begins with what its maker may give", () => {
  const own = ["messages.note", "audit.read"];
  expect(duplicateOf("Copy", ["messages.note", "messages.send", "shop.gone"], own)).toEqual({
    name: "Copy",
    description: "",
    permissions: ["messages.note"],
  });
});
