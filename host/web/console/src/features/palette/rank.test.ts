import { describe, expect, it } from "vitest";
import { rankCommands } from "./rank.ts";

const list = [
  { title: "Open the team", group: "Go" },
  { title: "Transfer to a colleague", group: "Conversation" },
  { title: "Team settings", group: "Go" },
];
const titles = (text: string) => rankCommands(list, text).map((c) => c.title);

describe("palette ranking", () => {
  it("keeps the order when nothing is typed", () => {
    expect(titles("  ")).toEqual(list.map((c) => c.title));
  });
  it("puts the start of a title before the start of a word", () => {
    expect(titles("team")).toEqual(["Team settings", "Open the team"]);
  });
  it("wants every word", () => {
    expect(titles("open team")).toEqual(["Open the team"]);
    expect(titles("open nothing")).toEqual([]);
  });
});
