import { describe, expect, it } from "vitest";
import { narrowings, parseInboxSearch, toFilter } from "./search.ts";

describe("inbox search", () => {
  it("drops what it does not know", () => {
    expect(parseInboxSearch({ view: "nonsense", priority: "huge", tag: "", unread: "yes", other: 1 })).toEqual({});
  });

  it("narrows the view by what is given", () => {
    expect(toFilter(parseInboxSearch({ view: "open", inbox: "inb_1", status: "pending", unread: true }))).toEqual({
      status: ["pending"],
      inbox_id: "inb_1",
      unread: true,
    });
  });

  it("shows my conversations when nothing is said", () => {
    expect(toFilter({})).toEqual({ status: ["new", "open", "pending"], assignee: "me" });
  });

  it("lets an assignee replace that of the view", () => {
    expect(toFilter({ view: "unassigned", assignee: "op_2" }).assignee).toBe("op_2");
  });

  it("counts filters without the view", () => {
    expect(narrowings({ view: "open", tag: "refund", unread: true })).toBe(2);
  });
});
