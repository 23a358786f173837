import { describe, expect, it } from "vitest";
import { complaints, readFields, startValues, toConfig } from "./schema-fields.ts";

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
      { value: "polling", label: "Polling" },
      { value: "webhook", label: "Webhook" },
    ]);
  });

  it("speaks the operator's language where the schema does", () => {
    expect(readFields(schema, "ru")[0]?.title).toBe("Токен бота");
    expect(fields[0]?.title).toBe("Bot token");
  });

  it("starts with what is stored, else with the default", () => {
    expect(startValues(fields, { token: { set: true }, on: true })).toMatchObject({
      token: { set: true },
      mode: "polling",
      timeout: null,
      origins: [],
      on: true,
    });
  });

  it("keeps an untouched secret and leaves empty values out", () => {
    const config = toConfig(fields, { token: { set: true }, mode: "webhook", timeout: null, greeting: "", on: false });
    expect(config).toEqual({ token: { set: true }, mode: "webhook", on: false });
  });

  it("complains about what the host would refuse", () => {
    expect(complaints(fields, { token: "", timeout: 99, site: "not an address" })).toEqual({
      token: { code: "required" },
      timeout: { code: "range" },
      site: { code: "format" },
    });
    expect(complaints(fields, { token: "abc" })).toEqual({ token: { code: "short", n: 5 } });
    expect(complaints(fields, { token: { set: true } })).toEqual({});
  });
});
