import type { DomainEvent } from "@omnichat/api-client/realtime";
import { describe, expect, it } from "vitest";
import { createCatchUp } from "./catch-up.ts";

const event = (id: string): DomainEvent => ({ type: "inbox_deleted", inbox_id: id });

function setup() {
  let time = 0;
  const applied: string[] = [];
  const catchUp = createCatchUp(
    (e) => {
      if (e.type === "inbox_deleted") applied.push(e.inbox_id);
    },
    () => time,
  );
  return { catchUp, applied, at: (t: number) => (time = t) };
}

describe("catching up", () => {
  it("applies again what came while the answer was on its way, in order", () => {
    const { catchUp, applied, at } = setup();
    catchUp.saw(event("before"));
    at(10);
    catchUp.fetchStarted("q");
    at(20);
    catchUp.saw(event("first"));
    at(30);
    catchUp.saw(event("second"));
    catchUp.fetchEnded("q");
    expect(applied).toEqual(["first", "second"]);
  });

  it("leaves a fetch without events, and one it did not see begin, alone", () => {
    const { catchUp, applied } = setup();
    catchUp.saw(event("x"));
    catchUp.fetchEnded("unknown");
    expect(applied).toEqual([]);
  });

  it("forgets events that no fetch can have missed", () => {
    const { catchUp, applied, at } = setup();
    catchUp.fetchStarted("q");
    catchUp.saw(event("old"));
    at(70_000);
    catchUp.saw(event("new"));
    catchUp.fetchEnded("q");
    expect(applied).toEqual(["new"]);
  });
});
