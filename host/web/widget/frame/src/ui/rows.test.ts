import { describe, expect, it } from "vitest";
import type { Pending } from "../chat/state.ts";
import { message } from "../testing/builders.ts";
import { arrange, markedKey } from "./rows.ts";

const at = (minute: number, day = 1): string => new Date(2026, 2, day, 10, minute).toISOString();
const own = (id: string, minute: number, part = {}) =>
  message(id, { from: "visitor", author_name: null, state: "sent", created_at: at(minute), ...part });
const pending = (key: string, minute: number): Pending => ({
  client_key: key,
  text: key,
  files: [],
  button: null,
  contact: null,
  created_at: at(minute),
  state: "queued",
  failure: null,
});
const shape = (days: ReturnType<typeof arrange>): string[] =>
  days.flatMap((day) =>
    day.rows.map((row) => (row.type === "line" ? `line ${row.message.id}` : `${row.from} ${row.items.map((item) => item.key).join(",")}`)),
  );

describe("arrange", () => {
  it("groups one speaker within three minutes", () => {
    const messages = [
      message("a", { created_at: at(0) }),
      message("b", { created_at: at(2) }),
      message("c", { created_at: at(6) }),
      own("d", 7),
    ];
    expect(shape(arrange(messages, []))).toEqual(["operator a,b", "operator c", "visitor d"]);
  });

  it("starts a group anew for another operator, a line of the system and a new day", () => {
    const system = message("s", {
      from: "system",
      created_at: at(1),
      part: { type: "system", entry: "joined", actor: "A", target: null, comment: null },
    });
    const messages = [
      message("a", { created_at: at(0) }),
      system,
      message("b", { created_at: at(1) }),
      message("c", { created_at: at(1), author_name: "Other" }),
      message("d", { created_at: at(2, 2), author_name: "Other" }),
    ];
    const days = arrange(messages, []);
    expect(shape(days)).toEqual(["operator a", "line s", "operator b", "operator c", "operator d"]);
    expect(days.map((day) => day.at)).toEqual([at(0), at(2, 2)]);
  });

  it("puts what is still to be sent last, and under the same key once it is stored", () => {
    const before = arrange([own("a", 0)], [pending("k", 1)]);
    const after = arrange([own("a", 0), own("b", 1, { client_key: "k" })], []);
    expect(shape(before)).toEqual(["visitor a,k"]);
    expect(shape(after)).toEqual(shape(before));
  });

  it("shows a message once while it is both stored and waiting", () => {
    expect(shape(arrange([own("b", 1, { client_key: "k" })], [pending("k", 1)]))).toEqual(["visitor k"]);
  });
});

describe("markedKey", () => {
  it("is the visitor's last message, and nothing once somebody has answered", () => {
    const system = message("s", { from: "system" });
    expect(markedKey([own("a", 0), own("b", 1), system])).toBe("b");
    expect(markedKey([own("a", 0), message("c")])).toBeNull();
    expect(markedKey([own("a", 0, { deleted_at: at(1) })])).toBeNull();
    expect(markedKey([])).toBeNull();
  });
});
