import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { generate, generateFrom, parse, snapshot, target } from "./openapi.mjs";

const minimal = { openapi: "3.1.0", info: { title: "T", version: "1" }, paths: {} };

it("the types in the tree are those of the host's document", async () => {
  const made = await generateFrom();
  expect((await readFile(target, "utf8")) === made, "run: npm run generate -w packages/api-client").toBe(true);
});

it("a document is read as JSON and as a snapshot", async () => {
  const text = JSON.stringify(minimal);
  expect(parse(text)).toEqual(minimal);
  expect(parse(`---\nsource: a.rs\nexpression: document()\n---\n${text}\n`)).toEqual(minimal);
  expect(() => parse(text.replace("3.1.0", "3.0.3"))).toThrow("no OpenAPI 3.1 document");
  expect(() => parse("[]")).toThrow("no OpenAPI 3.1 document");
});

it("a change of the document changes the types", async () => {
  const document = parse(await readFile(fileURLToPath(snapshot), "utf8"));
  const before = await generate(document);
  document.components.schemas.Locale.enum.push("eo");
  const after = await generate(document);
  expect(before).not.toContain('"eo"');
  expect(after).toContain('| "eo"');
});

it("what has no fields may hold anything, and problems are left out of answers", async () => {
  const problem = { description: "No.", content: { "application/problem+json": { schema: { type: "string" } } } };
  const answer = { description: "Yes.", content: { "application/json": { schema: { type: "object" } } } };
  const document = {
    ...minimal,
    paths: { "/a": { get: { operationId: "get_a", responses: { 200: answer, 404: problem, default: problem } } } },
  };
  const made = await generate(document);
  expect(made).toContain('"application/json": Record<string, unknown>;');
  expect(made).not.toContain("problem+json");
  expect(document.paths["/a"].get.responses[404]).toBe(problem);
});
