import type { ServerFrame } from "@omnichat/api-client/realtime";
import { describe, expect, it } from "vitest";
import { backoff } from "./backoff.ts";
import { createSocket, type Wire } from "./socket.ts";

class FakeWire implements Wire {
  sent: Record<string, unknown>[] = [];
  closed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  send(text: string) {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }
  close() {
    this.closed = true;
  }
  say(frame: object) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

function setup() {
  const wires: FakeWire[] = [];
  const timers: { run: () => void; ms: number; cancelled: boolean }[] = [];
  const frames: ServerFrame[] = [];
  const states: string[] = [];
  let resyncs = 0;
  let renewals = 0;
  const socket = createSocket({
    connect: () => {
      const wire = new FakeWire();
      wires.push(wire);
      return wire;
    },
    token: () => "token",
    renew: async () => {
      renewals += 1;
      return true;
    },
    schedule: (run, ms) => {
      const timer = { run, ms, cancelled: false };
      timers.push(timer);
      return () => {
        timer.cancelled = true;
      };
    },
    random: () => 1,
    onFrame: (frame) => frames.push(frame),
    onResync: () => (resyncs += 1),
    onState: (state) => states.push(state),
  });
  const fire = (ms: number) => {
    const timer = timers.findLast((t) => t.ms === ms && !t.cancelled);
    if (timer === undefined) throw new Error(`no timer of ${ms} ms`);
    timer.cancelled = true;
    timer.run();
  };
  const hello = { type: "hello", seq: 10, epoch: "e1", session: "s", heartbeat_s: 20 };
  const event = (seq: number) => ({ type: "event", seq, at: "", event: { type: "inbox_deleted", inbox_id: "i" } });
  return { socket, wires, frames, states, fire, hello, event, resyncs: () => resyncs, renewals: () => renewals };
}

describe("socket", () => {
  it("says hello without a number first, and refetches once", () => {
    const { socket, wires, hello, resyncs, states } = setup();
    socket.start();
    wires[0]?.onopen?.();
    expect(wires[0]?.sent).toEqual([{ type: "hello", token: "token", after: null, epoch: null }]);
    wires[0]?.say(hello);
    expect(resyncs()).toBe(1);
    expect(states).toEqual(["connecting", "online"]);
  });

  it("resumes after the last event it has seen and drops repeated ones", () => {
    const { socket, wires, hello, event, fire, frames, resyncs } = setup();
    socket.start();
    wires[0]?.onopen?.();
    wires[0]?.say(hello);
    wires[0]?.say(event(12));
    wires[0]?.say(event(15));
    wires[0]?.onclose?.({ code: 1006 });
    fire(500);
    wires[1]?.onopen?.();
    expect(wires[1]?.sent[0]).toEqual({ type: "hello", token: "token", after: 15, epoch: "e1" });
    wires[1]?.say({ ...hello, seq: 20 });
    wires[1]?.say(event(15));
    wires[1]?.say(event(16));
    expect(frames.filter((f) => f.type === "event").map((f) => f.seq)).toEqual([12, 15, 16]);
    expect(resyncs()).toBe(1);
  });

  it("refetches and goes on from the given number on resync", () => {
    const { socket, wires, hello, event, frames, resyncs } = setup();
    socket.start();
    wires[0]?.say(hello);
    wires[0]?.say({ type: "resync", seq: 90 });
    wires[0]?.say(event(90));
    wires[0]?.say(event(91));
    expect(resyncs()).toBe(2);
    expect(frames.filter((f) => f.type === "event").map((f) => f.seq)).toEqual([91]);
  });

  it("refetches where an event was lost", () => {
    const { socket, wires, hello, event, frames, resyncs } = setup();
    socket.start();
    wires[0]?.say(hello);
    wires[0]?.say({ type: "event", seq: 11, at: "", event: { type: "damaged" } });
    wires[0]?.say(event(12));
    expect(resyncs()).toBe(2);
    expect(frames.filter((f) => f.type === "event").map((f) => f.seq)).toEqual([12]);
  });

  it("takes over the log of a database that was restored", () => {
    const { socket, wires, hello, event, fire, resyncs } = setup();
    socket.start();
    wires[0]?.say(hello);
    wires[0]?.say(event(500));
    wires[0]?.onclose?.({ code: 1006 });
    fire(500);
    wires[1]?.onopen?.();
    wires[1]?.say({ ...hello, seq: 480, epoch: "e2" });
    wires[1]?.say({ type: "resync", seq: 480 });
    wires[1]?.say(event(481));
    expect(resyncs()).toBe(2);
    wires[1]?.onclose?.({ code: 1006 });
    fire(500);
    wires[2]?.onopen?.();
    expect(wires[2]?.sent[0]).toEqual({ type: "hello", token: "token", after: 481, epoch: "e2" });
  });

  it("renews the token before it comes back after 4401", async () => {
    const { socket, wires, fire, renewals } = setup();
    socket.start();
    wires[0]?.onclose?.({ code: 4401 });
    expect(renewals()).toBe(1);
    await Promise.resolve();
    await Promise.resolve();
    fire(500);
    expect(wires).toHaveLength(2);
  });

  it("stays away after 4409 until somebody looks", () => {
    const { socket, wires, hello, fire } = setup();
    socket.start();
    wires[0]?.say(hello);
    wires[0]?.onclose?.({ code: 4409 });
    expect(() => fire(500)).toThrow();
    socket.probe();
    expect(wires).toHaveLength(2);
  });

  it("gives a silent wire up", () => {
    const { socket, wires, hello, fire, states } = setup();
    socket.start();
    wires[0]?.say(hello);
    fire(50_000);
    expect(wires[0]?.closed).toBe(true);
    expect(states.at(-1)).toBe("offline");
    fire(500);
    expect(wires).toHaveLength(2);
  });

  it("stays silent once stopped", () => {
    const { socket, wires, hello } = setup();
    socket.start();
    wires[0]?.say(hello);
    socket.stop();
    wires[0]?.onclose?.({ code: 1000 });
    expect(wires).toHaveLength(1);
  });
});

describe("backoff", () => {
  it("doubles from half a second up to fifteen", () => {
    expect([0, 1, 2, 3, 4, 5, 9].map((n) => backoff(n, () => 1))).toEqual([
      500, 1000, 2000, 4000, 8000, 15_000, 15_000,
    ]);
    expect(backoff(0, () => 0)).toBe(250);
  });
});
