import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Api, SessionRequest } from "../http/api.ts";
import { Problem, problemFrom } from "../http/problem.ts";
import { config, message, session as answer } from "../testing/builders.ts";
import type { WidgetSession } from "../wire.ts";
import { Session } from "./session.ts";
import { createState } from "./state.ts";
import { openDrawer } from "./storage.ts";

const EXPIRED = new Problem("unauthenticated", 401, "");

function make(...answers: (WidgetSession | Problem)[]) {
  const state = createState();
  state.config.value = config();
  const asked: SessionRequest[] = [];
  const api = {
    session: (request: SessionRequest) => {
      asked.push(request);
      const next = answers.length > 1 ? answers.shift() : answers[0];
      return next instanceof Problem ? Promise.reject(next) : Promise.resolve(next);
    },
  } as unknown as Api;
  const started = vi.fn();
  const session = new Session({ inbox: "inbox", api, state, drawer: openDrawer("inbox"), locale: () => "ru", started });
  return { session, state, asked, started };
}

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
});
afterEach(() => vi.useRealTimers());

describe("Session", () => {
  it("begins as somebody new and is taken up on the next visit", async () => {
    const first = make(answer());
    expect(first.state.returning.value).toBe(false);
    await first.session.ensure();
    const second = make(answer());
    expect(second.state.returning.value).toBe(true);
    await second.session.ensure();
    expect([first.asked[0]?.token, second.asked[0]?.token]).toEqual([null, "token-1"]);
  });

  it("asks once however many need it", async () => {
    const { session, asked } = make(answer());
    await Promise.all([session.ensure(), session.ensure(), session.start()]);
    expect(asked).toHaveLength(1);
  });

  it("gives out no token that knows nothing of what was told since", async () => {
    const { session, state, asked } = make(answer({ token: "a" }), answer({ token: "b" }));
    const opened = session.ensure();
    // The form is sent while the session that opened the chat is still under way.
    state.identity.value = { name: "Mira" };
    session.begin();
    expect(await session.ensure()).toBe("b");
    expect(await opened).toBe("a");
    expect(await session.ensure()).toBe("b");
    expect(asked.map((request) => request.visitor)).toEqual([undefined, { name: "Mira" }]);
  });

  it("begins anew when the host no longer knows the token", async () => {
    openDrawer("inbox").set("token", "stale");
    const { session, asked } = make(EXPIRED, answer({ token: "fresh" }));
    expect(await session.ensure()).toBe("fresh");
    expect(asked.map((request) => request.token)).toEqual(["stale", null]);
    expect(openDrawer("inbox").get("token")).toBe("fresh");
  });

  it("begins anew when the host can make nothing of the token, and only then", async () => {
    openDrawer("inbox").set("token", "too long");
    const wrong = (field: string) => problemFrom(422, JSON.stringify({ code: "invalid", errors: [{ field, code: "too_long" }] }));
    const { session, asked } = make(wrong("token"), answer({ token: "fresh" }));
    expect(await session.ensure()).toBe("fresh");
    expect(asked.map((request) => request.token)).toEqual(["too long", null]);
    const other = make(wrong("locale"), answer());
    await expect(other.session.ensure()).rejects.toMatchObject({ fields: ["locale"] });
    expect(openDrawer("inbox").get("token")).toBe("fresh");
  });

  it("renews a token once for a call that was refused", async () => {
    const { session, asked } = make(answer({ token: "a" }), answer({ token: "b" }));
    const call = vi.fn((token: string) => (token === "a" ? Promise.reject(EXPIRED) : Promise.resolve(token)));
    expect(await session.withToken(call)).toBe("b");
    expect(asked).toHaveLength(2);
    const hopeless = vi.fn(() => Promise.reject(EXPIRED));
    await expect(session.withToken(hopeless)).rejects.toBe(EXPIRED);
    expect(hopeless).toHaveBeenCalledTimes(2);
  });

  it("drops the messages of another visitor", async () => {
    const { session, state, started } = make(answer({ messages: [message("a")] }), answer({ token: "token-2", messages: [] }));
    await session.start();
    await session.start();
    expect(state.messages.value).toEqual([]);
    expect(started.mock.calls).toEqual([[false], [true]]);
  });

  it("tries again while the host is away, and leaves a refusal to be seen", async () => {
    const { session, state, asked } = make(new Problem("offline", 0, ""), answer());
    session.begin();
    await vi.advanceTimersByTimeAsync(0);
    expect(state.failure.value?.code).toBe("offline");
    await vi.advanceTimersByTimeAsync(1000);
    expect(state.started.value).toBe(true);
    expect(state.failure.value).toBeNull();
    expect(asked).toHaveLength(2);

    const refused = make(new Problem("forbidden", 403, ""));
    refused.session.begin();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(refused.asked).toHaveLength(1);
    expect(refused.state.stage.value).toBe("failed");
  });

  it("follows another tab without storing a token in turn", async () => {
    const { session } = make(answer({ token: "a" }), answer({ token: "c" }));
    await session.start();
    openDrawer("inbox").set("token", "b");
    session.follow("b");
    await vi.advanceTimersByTimeAsync(0);
    expect(session.current).toBe("c");
    expect(openDrawer("inbox").get("token")).toBe("b");
  });

  it("takes the host's unread count as including every message of the answer", async () => {
    const conversation = { id: "c", status: "open" as const, operator: null, unread: 2 };
    const { session, state } = make(answer({ conversation, messages: [message("a"), message("b", { position: 2 })] }));
    await session.start();
    expect(state.unread.value).toBe(2);
    expect(state.tally.value.due).toBe(0);
  });
});
