import { describe, expect, it } from "vitest";
import { arrange } from "./arrange.ts";
import { readFields } from "./schema-fields.ts";

const text = (order: number, group?: string) => ({
  type: "string",
  "x-order": order,
  ...(group === undefined ? {} : { "x-group": group }),
});

describe("the order of a form", () => {
  it("shows each heading once, where its first field is", () => {
    const schema = {
      properties: {
        token: text(1),
        picture: text(2, "advanced"),
        words: { "x-order": 3, title: "Words", properties: { hello: text(1), bye: text(2) } },
        name: text(4),
        url: text(5, "advanced"),
      },
    };
    const shape = arrange(readFields(schema, "en")).map((part) => [
      part.title,
      part.groups.map((group) => [group.name, group.fields.map((field) => field.name)]),
    ]);
    expect(shape).toEqual([
      [null, [[null, ["token", "name"]], ["advanced", ["picture", "url"]]]],
      ["Words", [[null, ["words.hello", "words.bye"]]]],
    ]);
  });
});
