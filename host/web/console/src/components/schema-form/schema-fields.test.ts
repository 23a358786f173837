import { describe, expect, it } from "vitest";
import { readFields } from "./schema-fields.ts";

const schema = {
  type: "object",
  required: ["token"],
  properties: {
    mode: { $ref: "#/$defs/Mode", title: "Mode", default: "polling", "x-order": 2 },
    token: {
      type: "string",
      title: "Bot token",
      minLength: 5,
      "x-secret": true,
      "x-order": 1,
      "x-i18n": { ru: { title: "Токен бота" } },
    },
    timeout: { type: ["integer", "null"], minimum: 1, maximum: 60, "x-order": 3 },
    origins: { type: "array", items: { type: "string" }, "x-order": 4 },
    site: { anyOf: [{ type: "string", format: "uri" }, { type: "null" }], "x-order": 5 },
    greeting: { type: "string", "x-widget": "textarea", "x-order": 6 },
    colour: { type: "string", format: "color", "x-order": 7 },
    on: { type: "boolean", "x-order": 8 },
  },
  $defs: { Mode: { oneOf: [{ const: "polling", title: "Polling" }, { const: "webhook", title: "Webhook" }] } },
};
const fields = readFields(schema, "en");

describe("schema fields", () => {
  it("leads to pages only", () => {
    const helped = (url: string) =>
      readFields({ type: "object", properties: { a: { type: "string", "x-help-url": url } } }, "en")[0]?.helpUrl;
    expect(helped("https://example.org/help")).toBe("https://example.org/help");
    expect(helped("javascript:alert(1)")).toBeNull();
  });

  it("reads kinds in the given order", () => {
    expect(fields.map((f) => `${f.name}:${f.kind}`)).toEqual([
      "token:secret",
      "mode:choice",
      "timeout:number",
      "origins:strings",
      "site:text",
      "greeting:textarea",
      "colour:color",
      "on:boolean",
    ]);
    expect(fields[1]?.options).toEqual([
      { value: "polling", label: "Polling", raw: "polling" },
      { value: "webhook", label: "Webhook", raw: "webhook" },
    ]);
  });

  it("speaks the operator's language where the schema does", () => {
    expect(readFields(schema, "ru")[0]?.title).toBe("Токен бота");
    expect(fields[0]?.title).toBe("Bot token");
  });

  it("reads objects as parts, with the host's names for their fields", () => {
    const text = { type: "string", title: "Greeting" };
    const nested = readFields(
      {
        properties: {
          tries: { type: "integer", "x-order": 2 },
          texts: {
            type: "object",
            title: "Texts",
            "x-i18n": { ru: { title: "Тексты" } },
            "x-order": 1,
            required: ["hello"],
            properties: { hello: text, more: { $ref: "#/$defs/More" } },
          },
        },
        $defs: { More: { type: "object", title: "More texts", properties: { bye: text } } },
      },
      "ru",
    );
    expect(nested.map((f) => [f.name, f.part, f.required])).toEqual([
      ["texts.hello", "Тексты", true],
      ["texts.more.bye", "More texts", false],
      ["tries", null, false],
    ]);
  });
});
