import { expect, test } from "vitest";
import { fill } from "./phrases.ts";

test("names are put in, and what is none stays", () => {
  const values = { customer: "Anna $& {{operator}}", operator: "Mark", channel: "Shop" };
  expect(fill("{{customer}}, {{ operator }} of {{channel}}: {{order}} {{}}", values)).toBe(
    "Anna $& {{operator}}, Mark of Shop: {{order}} {{}}",
  );
  expect(fill("{{customer}} of {{channel}}", { customer: "Anna" })).toBe("Anna of {{channel}}");
});
