import { expect, test } from "vitest";
import { withAnswer } from "./entities.ts";

const at = (version: number, id = "a") => ({ id, version });

test("what was made is shown, once", () => {
  expect(withAnswer([at(4, "b")], at(1))).toEqual([at(4, "b"), at(1)]);
  expect(withAnswer([at(1)], at(1))).toEqual([at(1)]);
});

test("what was saved replaces what it was, unless an event has brought a newer state", () => {
  expect(withAnswer([at(1), at(1, "b")], at(2))).toEqual([at(2), at(1, "b")]);
  expect(withAnswer([at(3)], at(2))).toEqual([at(3)]);
});

test("what was saved and deleted at once stays away", () => {
  expect(withAnswer([], at(2))).toEqual([]);
});
