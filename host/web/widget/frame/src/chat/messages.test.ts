import { describe, expect, it } from "vitest";
import { mergeMessages, replaceMessages, storedKeys } from "./messages.ts";
import { message } from "../testing/builders.ts";

const ids = (messages: { id: string }[]): string => messages.map((held) => held.id).join(" ");

describe("mergeMessages", () => {
  it("orders by position, whatever order they come in", () => {
    const [a, b, c] = [message("a", { position: 1 }), message("b", { position: 2 }), message("c", { position: 3 })];
    expect(ids(mergeMessages([c], [b, a]))).toBe("a b c");
    expect(ids(mergeMessages([b], [a, c]))).toBe("a b c");
  });

  it("orders equal positions by id, so that every tab agrees", () => {
    expect(ids(mergeMessages([message("b", { position: 1 })], [message("a", { position: 1 })]))).toBe("a b");
  });

  it("takes a higher version and ignores the same and lower ones", () => {
    const held = [message("a", { version: 2, text: "second" })];
    expect(mergeMessages(held, [message("a", { version: 3, text: "third" })])[0]?.text).toBe("third");
    expect(mergeMessages(held, [message("a", { version: 2, text: "again" })])).toBe(held);
    expect(mergeMessages(held, [message("a", { version: 1, text: "first" })])).toBe(held);
  });

  it("comes to the same state when events are repeated or shuffled", () => {
    const events = [
      message("a", { version: 1 }),
      message("b", { position: 2 }),
      message("a", { version: 2, text: "edited" }),
      message("c", { position: 3 }),
    ];
    const straight = events.reduce((held, event) => mergeMessages(held, [event]), mergeMessages([], []));
    const shuffled = [...events]
      .reverse()
      .concat(events)
      .reduce((held, event) => mergeMessages(held, [event]), mergeMessages([], []));
    expect(shuffled).toEqual(straight);
  });
});

describe("replaceMessages", () => {
  it("drops what lies before the fresh page and keeps what came after it", () => {
    const held = [message("old", { position: 1 }), message("b", { position: 5 }), message("late", { position: 9 })];
    const fresh = [message("b", { position: 5, version: 2 }), message("c", { position: 6 })];
    const result = replaceMessages(held, fresh);
    expect(ids(result)).toBe("b c late");
    expect(result[0]?.version).toBe(2);
  });

  it("does not let an older fetch undo a newer event", () => {
    expect(replaceMessages([message("a", { version: 3, text: "new" })], [message("a", { version: 2 })])[0]?.text).toBe("new");
  });

  it("empties the list when the host has nothing", () => {
    expect(replaceMessages([message("a")], [])).toEqual([]);
  });
});

it("storedKeys names the client keys that have arrived", () => {
  expect([...storedKeys([message("a", { client_key: "k1" }), message("b")])]).toEqual(["k1"]);
});
