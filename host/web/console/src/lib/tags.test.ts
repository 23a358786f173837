import type { Tag, TagColour } from "@omnichat/api-client/types";
import { describe, expect, it } from "vitest";
import { byName, fitting, offered, sorted, spelled, withSpelling } from "./tags.ts";

function tag(name: string, colour: TagColour = "red"): Tag {
  const times = { created_at: "2026-01-01T10:00:00Z", updated_at: "2026-01-01T10:00:00Z" };
  return { id: `tag_${name}`, name, colour, description: "", version: 1, ...times };
}

const tags = [tag("Возврат"), tag("VIP", "violet"), tag("invoice")];

describe("tags that are described", () => {
  it("stand in the order of their names, whatever the case", () => {
    expect(sorted(tags).map(({ name }) => name)).toEqual(["invoice", "VIP", "Возврат"]);
  });

  it("are found letter by letter", () => {
    expect(byName(tags).get("VIP")?.colour).toBe("violet");
    expect(byName(tags).get("vip")).toBeUndefined();
    expect(byName(tags)).toBe(byName(tags));
  });

  it("give their spelling to what is typed", () => {
    expect(spelled(tags, " vip ")).toBe("VIP");
    expect(spelled(tags, "ВОЗВРАТ")).toBe("Возврат");
    expect(spelled(tags, " nobody's ")).toBe("nobody's");
  });

  it("leave alone what a conversation carried before", () => {
    expect(withSpelling(tags, ["vip"], ["vip", "Invoice"])).toEqual(["vip", "invoice"]);
    expect(withSpelling(tags, ["VIP"], ["VIP", "vip", "new"])).toEqual(["VIP", "new"]);
  });
});

describe("what is offered", () => {
  it("are tags that are described, then others that are in use", () => {
    const carried = [{ tags: ["vip", "urgent"] }, { tags: ["late", "urgent"] }];
    expect(offered(tags, carried)).toEqual(["invoice", "VIP", "Возврат", "late", "urgent"]);
    expect(offered([], [])).toEqual([]);
  });

  it("fits what is typed, its beginning first", () => {
    const names = ["a vip", "invoice", "VIP", "Voice"];
    expect(fitting(names, " V", 10)).toEqual(["VIP", "Voice", "a vip", "invoice"]);
    expect(fitting(names, "", 2)).toEqual(["a vip", "invoice"]);
    expect(fitting(names, "z", 10)).toEqual([]);
  });
});
