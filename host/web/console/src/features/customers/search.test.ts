import type { Condition } from "@omnichat/api-client/types";
import { describe, expect, it } from "vitest";
import { narrowings, parseCustomerSearch, toQuery } from "./search.ts";

const vip: Condition = { field: "tags", op: "has", value: "vip" };

describe("the list of customers in the address bar", () => {
  it("is taken as it was written", () => {
    expect(parseCustomerSearch({ q: "mary", filter: { all: [vip] }, sort: "created" })).toEqual({ q: "mary", filter: { all: [vip] }, sort: "created" });
  });

  it("is freed of what says nothing", () => {
    expect(parseCustomerSearch({ q: " ", filter: { all: [] }, sort: "seen" })).toEqual({});
    expect(parseCustomerSearch({ q: {}, filter: "[", sort: "mood", more: 1 })).toEqual({});
  });

  it("may search for what looks like a number", () => {
    expect(parseCustomerSearch({ q: 79001234567 })).toEqual({ q: "79001234567" });
  });
});

describe("the question to the host", () => {
  it("leaves out a text that is too short", () => {
    expect(toQuery({ q: "ma " })).toEqual({});
    expect(toQuery({ q: " mary ", filter: vip })).toEqual({ q: "mary", filter: vip });
  });
});

it("counts conditions", () => {
  expect([{}, { filter: vip }, { filter: { all: [vip, vip] } }, { filter: { any: [vip, vip] } }].map(narrowings)).toEqual([0, 1, 2, 1]);
});
