import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { FromHost } from "../wire.ts";
import { LiveSocket } from "./socket.ts";

/** A connection that a test opens, speaks on and closes by hand. */
class FakeSocket {
  readyState = 0;
  readonly sent: unknown[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.readyState = 3;
  }
  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  say(message: FromHost): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  end(code = 1006): void {
    this.onclose?.({ code });
  }
}

const sockets: FakeSocket[] = [];
const latest = (): FakeSocket => sockets.at(-1) as FakeSocket;
let after: string | null;
let states: string[];
let received: FromHost[];
let refused: ReturnType<typeof vi.fn<() => void>>;

function make(): LiveSocket {
  return new LiveSocket({
    url: "wss://chat.example.org/ws",
    hello: () => ({ token: "t", after }),
    receive: (message) => {
      received.push(message);
      if (message.type === "event") after = message.cursor;
    },
    changed: (state) => states.push(state),
    refused,
    open: () => {
      sockets.push(new FakeSocket());
      return latest() as unknown as WebSocket;
    },
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  sockets.length = 0;
  after = "cursor 7";
  states = [];
  received = [];
  refused = vi.fn();
});
afterEach(() => vi.useRealTimers());

const greet = (): void => {
  latest().open();
  latest().say({ type: "hello", cursor: "cursor 9", online: true });
};
const typing = { type: "typing", on: true } as const;

describe("LiveSocket", () => {
  it("says hello with the last cursor seen, and again with the newer one after a loss", () => {
    make().start();
    greet();
    latest().say({
      type: "event",
      cursor: "cursor 8",
      event: { type: "conversation_updated", conversation: { id: "c", status: "open", operator: null, unread: 0 } },
    });
    latest().end();
    vi.advanceTimersByTime(500);
    expect(sockets).toHaveLength(2);
    latest().open();
    expect(sockets.map((socket) => socket.sent[0])).toEqual([
      { type: "hello", token: "t", after: "cursor 7" },
      { type: "hello", token: "t", after: "cursor 8" },
    ]);
    expect(states).toEqual(["up", "down"]);
  });

  it("waits longer after each failure and starts small again after a success", () => {
    make().start();
    for (let failure = 0; failure < 6; failure++) {
      latest().end();
      vi.advanceTimersByTime(15_000);
    }
    expect(sockets).toHaveLength(7);
    greet();
    latest().end();
    vi.advanceTimersByTime(500);
    expect(sockets).toHaveLength(8);
  });

  it("hurries when told to, and only when there is no connection", () => {
    const socket = make();
    socket.start();
    latest().end();
    socket.hurry();
    expect(sockets).toHaveLength(2);
    socket.hurry();
    vi.advanceTimersByTime(500);
    expect(sockets).toHaveLength(2);
  });

  it("pings, and gives up a connection that has gone silent", () => {
    make().start();
    greet();
    vi.advanceTimersByTime(30_000);
    expect(latest().sent).toContainEqual({ type: "ping" });
    vi.advanceTimersByTime(40_000);
    expect(sockets.length).toBeGreaterThan(1);
    expect(states.slice(0, 2)).toEqual(["up", "down"]);
  });

  it("gives up a connection that is never greeted", () => {
    make().start();
    latest().open();
    vi.advanceTimersByTime(16_000);
    expect(sockets.length).toBeGreaterThan(1);
  });

  it("does not try a refused token again by itself", () => {
    make().start();
    latest().open();
    latest().end(4401);
    vi.advanceTimersByTime(60_000);
    expect(refused).toHaveBeenCalledOnce();
    expect(sockets).toHaveLength(1);
  });

  it("leaves its place to a newer tab until somebody looks", () => {
    const socket = make();
    socket.start();
    greet();
    latest().end(4409);
    vi.advanceTimersByTime(600_000);
    expect(sockets).toHaveLength(1);
    socket.hurry();
    expect(sockets).toHaveLength(2);
  });

  it("sends only once the host has greeted", () => {
    const socket = make();
    socket.start();
    latest().open();
    socket.send(typing);
    expect(latest().sent).toHaveLength(1);
    latest().say({ type: "hello", cursor: "cursor 9", online: true });
    socket.send(typing);
    expect(latest().sent.at(-1)).toEqual(typing);
  });

  it("stays away once stopped", () => {
    const socket = make();
    socket.start();
    greet();
    socket.stop();
    vi.advanceTimersByTime(60_000);
    expect(sockets).toHaveLength(1);
    expect(latest().readyState).toBe(3);
  });
});
