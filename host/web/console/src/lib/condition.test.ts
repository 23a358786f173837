import { readFileSync } from "node:fs";
import type { Condition, ConditionTest, Conversation } from "@omnichat/api-client/types";
import { describe, expect, it } from "vitest";
import { conversation } from "~/realtime/fixtures.ts";
import { aboutConversations, aboutCustomers, asCondition, attributePrefix, fieldNames, fieldOf, holds, isRelative } from "./condition.ts";

interface Cases {
  now: string;
  me: string;
  conversations: Record<string, Partial<Conversation> & { unreachable?: boolean }>;
  cases: { condition: Condition; matches: string[] }[];
}

/** The host's own test reads the same file. */
const file = new URL("../../../../../omnichat-core/tests/it/condition/cases.json", import.meta.url);
const { now, me, conversations, cases } = JSON.parse(readFileSync(file, "utf8")) as Cases;
const start = "2026-01-01T00:00:00Z";

const all = Object.entries(conversations).map(([name, { unreachable = false, ...over }]) => ({
  name,
  conversation: conversation({
    assignee_id: null,
    created_at: start,
    last_activity_at: start,
    blocked: unreachable,
    ...over,
  }),
}));

const tests = (condition: Condition): ConditionTest[] => {
  if ("all" in condition) return condition.all.flatMap(tests);
  if ("any" in condition) return condition.any.flatMap(tests);
  return "not" in condition ? tests(condition.not) : [condition];
};

describe("conditions, as the host has them", () => {
  it.each(cases.map(({ condition, matches }) => [JSON.stringify(condition), condition, matches] as const))(
    "%s",
    (_, condition, matches) => {
      const sight = { me, now: Date.parse(now) };
      expect(all.filter(({ conversation: c }) => holds(condition, c, sight)).map(({ name }) => name)).toEqual(matches);
    },
  );

  it("are tried with every field and everything that can be asked of it", () => {
    const name = (field: string) => (field.startsWith(attributePrefix) ? `${attributePrefix}x` : field);
    const tried = new Set(cases.flatMap(({ condition }) => tests(condition)).map(({ field, op }) => `${name(field)} ${op}`));
    const wanted = [...fieldNames, `${attributePrefix}x`].flatMap((field) => fieldOf(aboutConversations, field)?.ops.map((op) => `${field} ${op}`) ?? []);
    expect(wanted.filter((pair) => !tried.has(pair))).toEqual([]);
  });
});

describe("conditions", () => {
  const sight = { me: "op_me", now: Date.parse("2026-01-01T12:00:00Z") };

  it("are not true of what nobody knows how to ask", () => {
    expect(holds({ field: "weather", op: "is", value: "fine" }, conversation(), sight)).toBe(false);
    expect(holds({ field: "status", op: "contains", value: "open" }, conversation(), sight)).toBe(false);
    expect(holds({ field: "attributes.__proto__", op: "exists", value: true }, conversation(), sight)).toBe(false);
  });

  it("say whether time alone changes them", () => {
    const late: Condition = { field: "waiting_since", op: "older_than", value: 60 };
    expect(isRelative({ any: [{ not: { all: [late] } }] })).toBe(true);
    expect(isRelative({ all: [{ field: "waiting_since", op: "from", value: "2026-01-01T12:00:00Z" }] })).toBe(false);
  });

  it("know no emptiness of what is always there", () => {
    expect(fieldOf(aboutConversations, "created_at")?.ops).not.toContain("exists");
    expect(fieldOf(aboutConversations, "resolved_at")?.ops).toContain("exists");
    expect(fieldOf(aboutConversations, "toString")).toBeNull();
  });

  it("know of each subject its own fields", () => {
    expect(fieldOf(aboutCustomers, "email")?.ops).toContain("exists");
    expect(fieldOf(aboutCustomers, "name")?.ops).not.toContain("exists");
    expect(fieldOf(aboutCustomers, "status")).toBeNull();
    expect(fieldOf(aboutConversations, "email")).toBeNull();
  });

  it.each<[unknown, boolean]>([
    [{ all: [{ any: [] }, { not: { field: "x", op: "is", value: 1 } }] }, true],
    [{ field: "x", op: "is" }, false],
    [{ all: [{ any: 7 }] }, false],
    [{ not: null }, false],
    [[], false],
    ["x", false],
    [undefined, false],
  ])("are told from what is none: %j", (value, is) => {
    expect(asCondition(value) === null).toBe(!is);
  });
});
