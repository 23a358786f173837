import { expect, test } from "vitest";
import { newerThan, readAll, withAnswer } from "./entities.ts";

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

test("what somebody has changed since it was seen is known", () => {
  expect(newerThan(at(1), [at(3, "b"), at(2)])).toEqual(at(2));
  expect(newerThan(at(2), [at(2)])).toBeNull();
  expect(newerThan(at(2), [])).toBeNull();
  expect(newerThan(at(2), undefined)).toBeNull();
  expect(newerThan(null, [at(1)])).toBeNull();
});

test("all parts are read, and what is damaged in any of them is known", async () => {
  const parts = [
    { items: [at(1), at(1, "b")], next: "1", damaged: ["x"] },
    { items: [at(2)], next: "2" },
    { items: [], next: null, damaged: ["x", "y"] },
  ];
  const list = ({ cursor }: { cursor: string | null }) => Promise.resolve(parts[Number(cursor ?? 0)] ?? { items: [], next: null });
  expect(await readAll(list, new AbortController().signal)).toEqual({ items: [at(2), at(1, "b")], damaged: ["x", "y"] });
});
