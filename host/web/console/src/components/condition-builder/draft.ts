/** A condition while it is edited: rows, and groups of rows. What is written in another way is kept as it came. */
import type { Condition, ConditionOp, ConditionTest, ConditionValue, FieldProblem } from "@omnichat/api-client/types";
import { attributePrefix, fieldOf, type FieldType, type Subject } from "~/lib/condition.ts";

export type Match = "all" | "any";

/** How a field is compared. That there is nothing is a choice of its own. */
export type Comparison = ConditionOp | "missing";

export interface TestRow {
  kind: "test";
  key: string;
  field: string;
  op: Comparison;
  /** Null as long as nothing is chosen. */
  value: ConditionValue | null;
}

export interface GroupRow {
  kind: "group";
  key: string;
  match: Match;
  rows: TestRow[];
}

interface KeptRow {
  kind: "kept";
  key: string;
  condition: Condition;
}

export type Row = TestRow | GroupRow | KeptRow;

export interface Draft {
  match: Match;
  rows: Row[];
}

let lastKey = 0;

function newKey(): string {
  lastKey += 1;
  return `row-${lastKey}`;
}

/** What a new row asks until something else is chosen. */
const first: Record<Subject["kind"], Pick<TestRow, "field" | "op">> = {
  conversation: { field: "status", op: "is" },
  customer: { field: "tags", op: "has" },
};

export function newTest(about: Subject): TestRow {
  return { kind: "test", key: newKey(), ...first[about.kind], value: null };
}

export function newGroup(about: Subject, around: Match): GroupRow {
  return { kind: "group", key: newKey(), match: around === "all" ? "any" : "all", rows: [newTest(about)] };
}

export function toDraft(about: Subject, condition: Condition): Draft {
  const group = groupOf(condition);
  const row = (part: Condition) => toRow(about, part);
  // No rows stand for everything, but any of nothing is nothing.
  const whole = group === null || (group.match === "any" && group.parts.length === 0);
  return whole ? { match: "all", rows: [row(condition)] } : { match: group.match, rows: group.parts.map(row) };
}

function groupOf(condition: Condition): { match: Match; parts: Condition[] } | null {
  if ("all" in condition) return { match: "all", parts: condition.all };
  if ("any" in condition) return { match: "any", parts: condition.any };
  return null;
}

function toRow(about: Subject, condition: Condition): Row {
  const test = toTest(about, condition);
  if (test !== null) return test;
  const group = groupOf(condition);
  const rows = group?.parts.flatMap((part) => toTest(about, part) ?? []) ?? [];
  if (group === null || rows.length === 0 || rows.length < group.parts.length) {
    return { kind: "kept", key: newKey(), condition };
  }
  return { kind: "group", key: newKey(), match: group.match, rows };
}

/** Null for what the rows have no controls for. */
function toTest(about: Subject, condition: Condition): TestRow | null {
  if (!("field" in condition)) return null;
  const { field, op, value } = condition;
  const known = fieldOf(about, field);
  if (known === null || known.type === "customer" || !known.ops.includes(op)) return null;
  const row: TestRow = { kind: "test", key: newKey(), field, op, value };
  if (op === "exists") return typeof value === "boolean" ? { ...row, op: value ? "exists" : "missing", value: null } : null;
  return fits(value, shapeOf(known.type, op)) ? row : null;
}

/** What the value of a test looks like. */
export type Shape = "none" | "one" | "many" | "flag" | "number" | "duration" | "moment";

export function shapeOf(type: FieldType, op: Comparison): Shape {
  if (op === "exists" || op === "missing") return "none";
  if (op === "in" || op === "not_in") return "many";
  if (op === "within" || op === "older_than") return "duration";
  if (type === "time") return "moment";
  return type === "flag" || type === "number" ? type : "one";
}

function fits(value: unknown, shape: Shape): boolean {
  switch (shape) {
    case "none":
      return true;
    case "flag":
      return typeof value === "boolean";
    case "number":
    case "duration":
      return typeof value === "number";
    case "moment":
      return typeof value === "string" && !Number.isNaN(Date.parse(value));
    case "many":
      return Array.isArray(value) && value.every((one) => typeof one === "string");
    case "one":
      return typeof value === "string";
  }
}

/** What can be chosen to compare a field by. */
export function comparisons(about: Subject, field: string): Comparison[] {
  return (fieldOf(about, field)?.ops ?? []).flatMap((op): Comparison[] => (op === "exists" ? ["exists", "missing"] : [op]));
}

export function typeOf(about: Subject, { field }: TestRow): FieldType {
  return fieldOf(about, field)?.type ?? "text";
}

/** About another field. What can stay, stays. */
export function withField(about: Subject, row: TestRow, field: string): TestRow {
  const able = comparisons(about, field);
  const alike = fieldOf(about, field)?.type === fieldOf(about, row.field)?.type;
  const op = able.includes(row.op) ? row.op : (able[0] ?? "is");
  const next: TestRow = { ...row, field, op };
  const shape = shapeOf(typeOf(about, next), op);
  if (alike && fits(row.value, shape)) return next;
  return { ...next, value: shape === "flag" ? true : null };
}

/** Compared in another way. One value becomes a list of one, and a list its first value. */
export function withComparison(about: Subject, row: TestRow, op: Comparison): TestRow {
  const shape = shapeOf(typeOf(about, row), op);
  const { value } = row;
  if (shape !== "none" && fits(value, shape)) return { ...row, op };
  if (shape === "many" && typeof value === "string") return { ...row, op, value: [value] };
  if (shape === "one" && Array.isArray(value)) return { ...row, op, value: value[0] ?? null };
  return { ...row, op, value: null };
}

/** The rows without the one; a group goes with its last row. */
export function without(draft: Draft, key: string): Draft {
  const rows = draft.rows.flatMap((row): Row[] => {
    if (row.key === key) return [];
    if (row.kind !== "group") return [row];
    const left = row.rows.filter((test) => test.key !== key);
    return left.length === 0 ? [] : [{ ...row, rows: left }];
  });
  return { ...draft, rows };
}

export function replaced(draft: Draft, next: Row): Draft {
  return { ...draft, rows: draft.rows.map((row) => (row.key === next.key ? next : row)) };
}

/** Keys of the rows that lack something. */
export function incomplete(about: Subject, { rows }: Draft): string[] {
  const lacks = (row: TestRow) =>
    fieldOf(about, trimmed(row.field)) === null || (shapeOf(typeOf(about, row), row.op) !== "none" && isBlank(row.value));
  return rows.flatMap((row) => (row.kind === "kept" ? [] : row.kind === "group" ? row.rows : [row])).flatMap((row) => (lacks(row) ? [row.key] : []));
}

function isBlank(value: ConditionValue | null): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === null || (typeof value === "string" && value.trim() === "");
}

/** Of rows that lack nothing. */
export function toCondition({ match, rows }: Draft): Condition {
  return rows.length === 0 ? { all: [] } : grouped(match, rows.map(fromRow));
}

function grouped(match: Match, parts: Condition[]): Condition {
  return match === "all" ? { all: parts } : { any: parts };
}

function fromRow(row: Row): Condition {
  if (row.kind === "kept") return row.condition;
  return row.kind === "group" ? grouped(row.match, row.rows.map(fromTest)) : fromTest(row);
}

function fromTest(row: TestRow): ConditionTest {
  const { op, value } = row;
  const field = trimmed(row.field);
  if (op === "exists" || op === "missing") return { field, op: "exists", value: op === "exists" };
  return { field, op, value: typeof value === "string" ? value.trim() : (value ?? "") };
}

/** Of an attribute its name is typed. */
function trimmed(field: string): string {
  return field.startsWith(attributePrefix) ? attributePrefix + field.slice(attributePrefix.length).trim() : field;
}

export interface Complaints {
  /** By the keys of the rows that they are about. */
  rows: Record<string, FieldProblem>;
  /** About the condition as a whole. */
  rest: FieldProblem | null;
}

/** Which rows the host complained of, by the places that it names: `filter.all[1].value`. */
export function complaintsAt(draft: Draft, name: string, problems: FieldProblem[]): Complaints {
  const places = draft.rows.flatMap((row, index): [string, string][] => {
    const place = `${name}.${draft.match}[${index}]`;
    const inner = row.kind === "group" ? row.rows.map((test, n): [string, string] => [`${place}.${row.match}[${n}]`, test.key]) : [];
    // What lies deeper is named more exactly.
    return [...inner, [place, row.key]];
  });
  const complaints: Complaints = { rows: {}, rest: null };
  for (const problem of problems) {
    if (problem.field !== name && !problem.field.startsWith(`${name}.`)) continue;
    const key = places.find(([place]) => problem.field === place || problem.field.startsWith(`${place}.`))?.[1];
    if (key === undefined) complaints.rest ??= problem;
    else complaints.rows[key] ??= problem;
  }
  return complaints;
}
