import { expect, it } from "vitest";
import { isPatienceOver } from "./patience.ts";

const pages = (marks: string) => [...marks].map((mark) => ({ items: [], next: "more", short: mark === "s" }));

it("lasts for five short pages in a row", () => {
  expect(isPatienceOver(pages(""), 0)).toBe(false);
  expect(isPatienceOver(pages("ssss"), 0)).toBe(false);
  expect(isPatienceOver(pages("sssss"), 0)).toBe(true);
  expect(isPatienceOver(pages("ssssfssss"), 0)).toBe(false);
  expect(isPatienceOver(pages("fffsssss"), 0)).toBe(true);
  expect(isPatienceOver(pages("ffffffff"), 0)).toBe(false);
});

it("lasts for five more each time that somebody asks", () => {
  expect(isPatienceOver(pages("sssss"), 5)).toBe(false);
  expect(isPatienceOver(pages("sssssssss"), 5)).toBe(false);
  expect(isPatienceOver(pages("ssssssssss"), 5)).toBe(true);
});
