import type { View } from "@omnichat/api-client/types";
import { describe, expect, it } from "vitest";
import { narrowings, parseInboxSearch, readyMade, toQuery } from "./search.ts";

const active = { field: "status", op: "in", value: ["new", "open", "pending"] };
const saved: View = {
  id: "view_1",
  name: "Late",
  filter: { any: [{ field: "priority", op: "is", value: "urgent" }, { field: "tags", op: "has", value: "vip" }] },
  sort: "waiting",
  owner_id: null,
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:00Z",
  version: 1,
};

describe("inbox search", () => {
  it("drops what it does not know", () => {
    expect(parseInboxSearch({ view: "nonsense", priority: "huge", tag: "", unread: "yes", other: 1 })).toEqual({});
  });

  it("tells ready-made views from saved ones", () => {
    expect(readyMade(parseInboxSearch({}))).toBe("mine");
    expect(readyMade(parseInboxSearch({ view: "spam" }))).toBe("spam");
    expect(parseInboxSearch({ view: "view_1" })).toEqual({ view: "view_1" });
    expect(readyMade(parseInboxSearch({ view: "view_1" }))).toBeNull();
  });

  it("shows my conversations when nothing is said", () => {
    expect(toQuery({}, "mine")).toEqual({ filter: { all: [active, { field: "assignee", op: "is", value: "me" }] }, sort: "activity" });
  });

  it("narrows the view by what is given", () => {
    expect(toQuery({ inbox: "inb_1", status: "pending", tag: "refund", unread: true }, "unanswered")).toEqual({
      filter: {
        all: [
          { field: "unanswered", op: "is", value: true },
          { field: "inbox", op: "is", value: "inb_1" },
          { field: "status", op: "is", value: "pending" },
          { field: "tags", op: "has", value: "refund" },
          { field: "unread", op: "is", value: true },
        ],
      },
      sort: "waiting",
    });
  });

  it("lets an operator replace that of the view", () => {
    const all = (assignee: string) => toQuery({ assignee }, "unassigned").filter;
    expect(all("op_2")).toEqual({ all: [active, { field: "assignee", op: "is", value: "op_2" }] });
    expect(all("none")).toEqual({ all: [active, { field: "assignee", op: "exists", value: false }] });
  });

  it("asks for a saved view as it is, and narrows it by further conditions", () => {
    const test = { field: "priority", op: "is", value: "high" } as const;
    expect(toQuery({ view: saved.id }, saved)).toEqual({ filter: saved.filter, sort: "waiting" });
    expect(toQuery({ priority: "high" }, saved).filter).toEqual({ all: [saved.filter, test] });
    expect(toQuery({ priority: "high" }, { ...saved, filter: { all: [saved.filter] } }).filter).toEqual({ all: [saved.filter, test] });
  });

  it("counts filters without the view", () => {
    expect(narrowings({ view: "open", tag: "refund", unread: true })).toBe(2);
  });
});
