import { describe, expect, it } from "vitest";
import { complaints, startValues, toConfig } from "./field-values.ts";
import { readFields } from "./schema-fields.ts";

const fields = readFields(
  {
    type: "object",
    required: ["token"],
    properties: {
      token: { type: "string", minLength: 5, "x-secret": true },
      mode: { enum: ["polling", "webhook"], default: "polling" },
      timeout: { type: ["integer", "null"], minimum: 1, maximum: 60 },
      origins: { type: "array", items: { type: "string" } },
      site: { anyOf: [{ type: "string", format: "uri" }, { type: "null" }] },
      greeting: { type: "string", "x-widget": "textarea" },
      on: { type: "boolean" },
      zone: { type: "integer", enum: [1, 2], default: 2 },
    },
  },
  "en",
);

describe("field values", () => {
  it("starts with what is stored, else with the default", () => {
    expect(startValues(fields, { token: { set: true }, on: true })).toMatchObject({
      token: { set: true },
      mode: "polling",
      timeout: null,
      origins: [],
      on: true,
      zone: 2,
    });
    expect(fields.find((field) => field.name === "zone")?.options).toEqual([
      { value: "1", label: "1", raw: 1 },
      { value: "2", label: "2", raw: 2 },
    ]);
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

  it("keeps an emptied text empty where it has a default and may be empty", () => {
    const texts = readFields(
      {
        properties: {
          goodbye: { type: "string", default: "Bye" },
          address: { type: "string", format: "uri", default: "https://example.org" },
          pattern: { type: "string", minLength: 1, default: "[0-9]+" },
          footer: { type: "string" },
        },
      },
      "en",
    );
    expect(toConfig(texts, { goodbye: "", address: "", pattern: "", footer: "" })).toEqual({ goodbye: "" });
    expect(startValues(texts, { goodbye: "" })).toMatchObject({ goodbye: "", address: "https://example.org" });
  });

  it("takes values out of objects and puts them back", () => {
    const nested = readFields(
      {
        properties: {
          tries: { type: "integer" },
          texts: {
            type: "object",
            properties: { hello: { type: "string", default: "Hello" }, bye: { type: "string" }, key: { type: "string", "x-secret": true } },
          },
        },
      },
      "en",
    );
    const values = startValues(nested, { tries: 2, texts: { bye: "Bye", key: { set: true } } });
    expect(values).toEqual({ tries: 2, "texts.hello": "Hello", "texts.bye": "Bye", "texts.key": { set: true } });
    expect(toConfig(nested, { ...values, "texts.hello": " Good day " })).toEqual({
      tries: 2,
      texts: { hello: "Good day", bye: "Bye", key: { set: true } },
    });
  });

  it("lets no name lead out of the settings", () => {
    const hostile = readFields(
      JSON.parse('{"properties":{"__proto__":{"type":"object","properties":{"stolen":{"type":"string"}}}}}') as Record<string, unknown>,
      "en",
    );
    const config = toConfig(hostile, { "__proto__.stolen": "yes" });
    expect("stolen" in {}).toBe(false);
    expect(JSON.stringify(config)).toBe('{"__proto__":{"stolen":"yes"}}');
  });
});
