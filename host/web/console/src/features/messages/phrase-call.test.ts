import type { Phrase } from "@omnichat/api-client/types";
import { expect, test } from "vitest";
import { callAt, matching, put } from "./phrase-call.ts";

function phrase(shortcut: string, text = "", owner_id: string | null = null): Phrase {
  return { id: `${shortcut}${owner_id ?? ""}`, shortcut, text, owner_id, created_at: "", updated_at: "", version: 1 };
}

test("a call begins with a slash at the beginning of a word, and ends at the caret", () => {
  expect(callAt("/", 1)).toEqual({ from: 0, to: 1, needle: "" });
  expect(callAt("Good day /ho", 12)).toEqual({ from: 9, to: 12, needle: "ho" });
  expect(callAt("/часы-2 and more", 7)).toEqual({ from: 0, to: 7, needle: "часы-2" });
  expect(callAt("Good day\n/ho", 12)?.from).toBe(9);
  for (const [text, caret] of [["and/or", 6], ["https://example.org", 19], ["/two words", 10], ["", 0], ["/hours", 0]] as const) {
    expect(callAt(text, caret), text).toBeNull();
  }
});

test("a phrase takes the place of its call, and the caret stands behind it", () => {
  expect(put("Good day /ho!", { from: 9, to: 12, needle: "ho" }, "From nine")).toEqual({ text: "Good day From nine!", caret: 18 });
});

test("what begins like this comes first, one's own before everybody's", () => {
  const all = [phrase("return", "Hours do not matter"), phrase("work-hours"), phrase("hours"), phrase("Hours", "", "op"), phrase("price")];
  expect(matching(all, "hour", 8).map((p) => p.id)).toEqual(["Hoursop", "hours", "work-hours", "return"]);
  expect(matching(all, "", 2)).toHaveLength(2);
  expect(matching(all, "zzz", 8)).toEqual([]);
});
