import type { Condition, FieldProblem } from "@omnichat/api-client/types";
import { describe, expect, it } from "vitest";
import {
  comparisons,
  complaintsAt,
  type Draft,
  incomplete,
  newGroup,
  newTest,
  replaced,
  type TestRow,
  toCondition,
  toDraft,
  withComparison,
  withField,
  without,
} from "./draft.ts";
import { aboutConversations as about, aboutCustomers } from "~/lib/condition.ts";
import { fromField, toField, unitOf } from "./units.ts";

const urgent: Condition = { field: "priority", op: "is", value: "urgent" };
const late: Condition = { field: "waiting_since", op: "older_than", value: 3600 };
const nobody: Condition = { field: "assignee", op: "exists", value: false };
const deep: Condition = { any: [urgent, { all: [late, { not: nobody }] }] };
const row = (over: Partial<TestRow> = {}): TestRow => ({ ...newTest(about), ...over });

describe("the draft of a condition", () => {
  it.each<[string, Condition]>([
    ["nothing", { all: [] }],
    ["all of several", { all: [urgent, late, nobody] }],
    ["any of several", { any: [urgent, nobody] }],
    ["groups", { all: [urgent, { any: [late, nobody] }] }],
    ["what lies deeper", { all: [urgent, deep, { not: late }, { all: [] }] }],
    ["what has no controls", { any: [{ field: "customer", op: "is", value: "cus_1" }, { field: "later", op: "is", value: 1 }] }],
    ["values of another kind", { all: [{ field: "tags", op: "has", value: 7 }, { field: "tags", op: "exists", value: "yes" }] }],
    ["attributes", { all: [{ field: "attributes.a.b", op: "in", value: ["x ", "y"] }] }],
  ])("keeps %s as it is", (_, condition) => {
    expect(toCondition(toDraft(about, condition))).toEqual(condition);
  });

  it("takes a single test for a list of one", () => {
    expect(toCondition(toDraft(about, urgent))).toEqual({ all: [urgent] });
    expect(toCondition(toDraft(about, { not: urgent }))).toEqual({ all: [{ not: urgent }] });
  });

  it("takes what matches nothing for a part that matches nothing", () => {
    expect(toCondition(toDraft(about, { any: [] }))).toEqual({ all: [{ any: [] }] });
  });

  it("is trimmed when it is made a condition", () => {
    const rows = [
      row({ field: "subject", value: " two words " }),
      row({ field: "attributes. plan ", op: "is_not", value: "pro\t" }),
      row({ field: "attributes.old ", op: "missing" }),
    ];
    expect(toCondition({ match: "all", rows })).toEqual({
      all: [
        { field: "subject", op: "is", value: "two words" },
        { field: "attributes.plan", op: "is_not", value: "pro" },
        { field: "attributes.old", op: "exists", value: false },
      ],
    });
  });

  it("shows what it cannot edit, and nothing else, as a whole", () => {
    const kinds = ({ rows }: Draft) => rows.map(({ kind }) => kind);
    expect(kinds(toDraft(about, { all: [urgent, { any: [late, nobody] }, deep] }))).toEqual(["test", "group", "kept"]);
  });

  it("asks for no rows of nothing", () => {
    expect(toCondition({ match: "any", rows: [] })).toEqual({ all: [] });
  });

  it("makes a choice of its own of what is missing", () => {
    expect(comparisons(about, "assignee")).toEqual(["is", "is_not", "in", "not_in", "exists", "missing"]);
    expect(comparisons(about, "created_at")).not.toContain("missing");
    expect(toDraft(about, { all: [nobody] }).rows[0]).toMatchObject({ op: "missing" });
  });
});

describe("a row", () => {
  it("keeps what another field can have as well", () => {
    const named = row({ field: "subject", op: "contains", value: "order" });
    expect(withField(about, named, "customer_name")).toMatchObject({ op: "contains", value: "order" });
    expect(withField(about, named, "attributes.plan")).toMatchObject({ op: "contains", value: "order" });
    expect(withField(about, row({ field: "status", op: "in", value: ["open"] }), "priority")).toMatchObject({ op: "in", value: null });
  });

  it("starts with yes where there is but yes and no", () => {
    expect(withField(about, row(), "unread")).toMatchObject({ op: "is", value: true });
    expect(withField(about, row({ field: "unread", value: false }), "scenario")).toMatchObject({ op: "is", value: false });
    expect(withField(about, row(), "waiting_since")).toMatchObject({ op: "within", value: null });
  });

  it("turns one value into a list and back", () => {
    const many = withComparison(about, row({ value: "open" }), "in");
    expect(many.value).toEqual(["open"]);
    expect(withComparison(about, many, "not_in").value).toEqual(["open"]);
    expect(withComparison(about, many, "is_not").value).toBe("open");
    expect(withComparison(about, row({ field: "waiting_since", op: "within", value: 60 }), "from").value).toBeNull();
  });

  it("says what it lacks", () => {
    const rows = [row(), row({ value: "open" }), row({ field: "attributes.", value: "x" }), row({ field: "tags", op: "missing" }), row({ field: "attributes. ", value: "x" })];
    const group = { ...newGroup(about, "all"), rows: [row({ field: "subject", value: " " }), row({ op: "in", value: [] })] };
    const lacking = [rows[0], rows[2], rows[4], ...group.rows].map((one) => one?.key);
    expect(incomplete(about, { match: "all", rows: [...rows, group] })).toEqual(lacking);
  });

  it("goes, and the group with its last one", () => {
    const group = newGroup(about, "all");
    expect(group.match).toBe("any");
    const draft: Draft = { match: "all", rows: [row({ key: "a" }), group] };
    expect(without(draft, "a").rows).toEqual([group]);
    expect(without(draft, group.rows[0]?.key ?? "").rows.map(({ key }) => key)).toEqual(["a"]);
    expect(replaced(draft, { ...group, match: "all" }).rows[1]).toMatchObject({ match: "all" });
  });
});

describe("a draft about customers", () => {
  it("knows their fields and no others", () => {
    const theirs: Condition = { field: "last_seen_at", op: "within", value: 60 };
    const { rows } = toDraft(aboutCustomers, { all: [theirs, urgent] });
    expect(rows.map(({ kind }) => kind)).toEqual(["test", "kept"]);
    expect(newTest(aboutCustomers)).toMatchObject({ field: "tags", op: "has" });
    expect(comparisons(aboutCustomers, "email")).toContain("missing");
    expect(comparisons(aboutCustomers, "name")).not.toContain("missing");
  });
});

describe("complaints of the host", () => {
  const problem = (field: string): FieldProblem => ({ field, code: "format", message: field });

  it("find their rows", () => {
    const draft = toDraft(about, { all: [urgent, { any: [late, nobody] }, deep, urgent] });
    const [first, group, kept] = draft.rows;
    const inner = group?.kind === "group" ? group.rows[1] : undefined;
    const told = ["filter.all[0].value", "filter.all[1].any[1].op", "filter.all[2].any[1].all[0].value", "name", "filter.all[10].op"];
    const { rows, rest } = complaintsAt(draft, "filter", told.map(problem));
    expect(Object.keys(rows)).toEqual([first?.key, inner?.key, kept?.key]);
    expect(rest?.field).toBe("filter.all[10].op");
  });

  it("may be of the whole", () => {
    expect(complaintsAt(toDraft(about, { all: [urgent] }), "filter", [problem("filter")])).toMatchObject({ rows: {}, rest: { field: "filter" } });
    expect(complaintsAt(toDraft(about, { all: [urgent] }), "filter", [problem("filters")]).rest).toBeNull();
  });
});

describe("units", () => {
  it("are the largest that need no fractions", () => {
    expect([172_800, 7200, 5400, 61, null].map(unitOf)).toEqual(["days", "hours", "minutes", "seconds", "hours"]);
  });

  it("lead moments to a field and back", () => {
    expect(fromField(toField("2026-03-29T23:45:00Z"))).toBe("2026-03-29T23:45:00.000Z");
    expect(fromField("")).toBeNull();
  });
});
