import type { DomainEvent } from "@omnichat/api-client/realtime";
import { QueryClient } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";
import { createCatchUp, watchFetches } from "./catch-up.ts";

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

  it("keeps events as long as a fetch may have missed them, however long that is", () => {
    const { catchUp, applied, at } = setup();
    catchUp.fetchStarted("slow");
    at(10);
    catchUp.saw(event("early"));
    at(20);
    catchUp.fetchStarted("quick");
    at(600_000);
    catchUp.saw(event("late"));
    catchUp.fetchEnded("quick");
    expect(applied).toEqual(["late"]);
    catchUp.fetchEnded("slow");
    expect(applied).toEqual(["late", "early", "late"]);
  });

  it("lets events go with the last fetch that may have missed them", () => {
    const { catchUp, applied, at } = setup();
    catchUp.fetchStarted("q");
    catchUp.saw(event("old"));
    catchUp.fetchLeft("q");
    at(0);
    catchUp.fetchStarted("next");
    catchUp.fetchEnded("next");
    expect(applied).toEqual([]);
  });
});

describe("the watch over fetches", () => {
  function watched() {
    const client = new QueryClient();
    const told: string[] = [];
    const tell = (what: string) => (query: string) => void told.push(`${what} ${query}`);
    const catchUp = { saw: () => undefined, fetchStarted: tell("started"), fetchEnded: tell("ended"), fetchLeft: tell("left") };
    watchFetches(client, catchUp);
    return { client, told };
  }
  const never = ({ signal }: { signal: AbortSignal }) =>
    new Promise<number>((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));

  it("sees them begin and end, and leaves what is written by hand alone", async () => {
    const { client, told } = watched();
    await client.fetchQuery({ queryKey: ["q"], queryFn: () => Promise.resolve(1) });
    client.setQueryData(["q"], 2);
    expect(told).toEqual(['started ["q"]', 'ended ["q"]']);
  });

  it("sees them fail", async () => {
    const { client, told } = watched();
    await client.fetchQuery({ queryKey: ["q"], queryFn: () => Promise.reject(new Error("no")) }).catch(() => undefined);
    expect(told).toEqual(['started ["q"]', 'left ["q"]']);
  });

  it("sees them given up, and what is no longer held", async () => {
    const { client, told } = watched();
    for (const name of ["a", "b"]) client.fetchQuery({ queryKey: [name], queryFn: never }).catch(() => undefined);
    await client.cancelQueries({ queryKey: ["a"] });
    client.removeQueries({ queryKey: ["b"] });
    expect(told.slice(2)).toEqual(['left ["a"]', 'left ["b"]']);
  });
});
