/**
 * One WebSocket that stays open: hello with the last seen number and the log it is of, heartbeat,
 * renewal of the token, jittered reconnection. It knows frames, not what they mean; time and the socket are given to it.
 */
import type { ClientFrame, ServerFrame } from "@omnichat/api-client/realtime";
import { backoff } from "./backoff.ts";

export type ConnectionState = "connecting" | "online" | "offline";

/** What this needs of a WebSocket. */
export interface Wire {
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
}

export interface SocketDeps {
  connect: () => Wire;
  token: () => string | null;
  renew: () => Promise<boolean>;
  schedule: (run: () => void, ms: number) => () => void;
  random: () => number;
  onFrame: (frame: ServerFrame) => void;
  /** The first hello, and each resync: whatever was fetched before may be stale. */
  onResync: () => void;
  onState: (state: ConnectionState) => void;
}

/** A newer tab has this one's place. Coming back by itself would push that one out in turn; it waits until somebody looks. */
const TAKEN_OVER = 4409;

export type RealtimeSocket = ReturnType<typeof createSocket>;

export function createSocket(deps: SocketDeps) {
  let wire: Wire | null = null;
  let after: number | null = null;
  let epoch: string | null = null;
  let attempt = 0;
  let ready = false;
  let stopped = true;
  let heartbeatMs = 30_000;
  let cancelRetry: (() => void) | null = null;
  let cancelBeat: (() => void) | null = null;
  let cancelSilence: (() => void) | null = null;

  function open(): void {
    const token = deps.token();
    if (stopped || token === null) return;
    cancelRetry = null;
    const mine = deps.connect();
    wire = mine;
    ready = false;
    armSilence(mine, 10_000);
    mine.onopen = () => write({ type: "hello", token, after, epoch });
    mine.onmessage = (event) => {
      if (wire === mine) receive(mine, String(event.data));
    };
    mine.onclose = (event) => {
      if (wire === mine) lost(event.code);
    };
  }

  function receive(mine: Wire, text: string): void {
    const frame = JSON.parse(text) as ServerFrame;
    if (frame.type === "hello") {
      heartbeatMs = frame.heartbeat_s * 1000;
      ready = true;
      attempt = 0;
      const fresh = after === null;
      after ??= frame.seq;
      epoch = frame.epoch;
      beat();
      deps.onState("online");
      if (fresh) deps.onResync();
    }
    armSilence(mine, heartbeatMs * 2.5);
    if (frame.type === "resync") {
      after = frame.seq;
      deps.onResync();
      return;
    } else if (frame.type === "event") {
      if (after !== null && frame.seq <= after) return;
      after = frame.seq;
      // What happened cannot be told any more; only a fetch shows what it left behind.
      if (frame.event.type === "damaged") {
        deps.onResync();
        return;
      }
    }
    deps.onFrame(frame);
  }

  function lost(code: number): void {
    wire = null;
    ready = false;
    cancelBeat?.();
    cancelSilence?.();
    if (stopped) return;
    deps.onState("offline");
    const retry = () => {
      cancelRetry = deps.schedule(open, backoff(attempt, deps.random));
      attempt += 1;
    };
    if (code === 4401) void deps.renew().then(() => (stopped ? undefined : retry()));
    else if (code !== TAKEN_OVER) retry();
  }

  function beat(): void {
    cancelBeat?.();
    cancelBeat = deps.schedule(() => {
      write({ type: "ping" });
      beat();
    }, heartbeatMs);
  }

  /** A wire that says nothing for too long is dead, whatever the browser believes. */
  function armSilence(mine: Wire, ms: number): void {
    cancelSilence?.();
    cancelSilence = deps.schedule(() => {
      if (wire !== mine) return;
      mine.onclose = null;
      mine.close();
      lost(1006);
    }, ms);
  }

  function write(frame: ClientFrame): void {
    wire?.send(JSON.stringify(frame));
  }

  return {
    start(): void {
      if (!stopped) return;
      stopped = false;
      deps.onState("connecting");
      open();
    },
    /** Tries at once, for when the network or the tab has come back. */
    hurry(): void {
      if (stopped || wire !== null) return;
      cancelRetry?.();
      attempt = 0;
      open();
    },
    /** Checks a wire that may have died while the machine slept. */
    probe(): void {
      if (ready && wire !== null) {
        write({ type: "ping" });
        armSilence(wire, 5_000);
      } else this.hurry();
    },
    stop(): void {
      stopped = true;
      cancelRetry?.();
      cancelBeat?.();
      cancelSilence?.();
      const old = wire;
      wire = null;
      ready = false;
      after = null;
      epoch = null;
      attempt = 0;
      old?.close();
    },
    /** Sends when connected; what is said here is of the moment and is not kept for later. */
    send(frame: ClientFrame): void {
      if (ready) write(frame);
    },
  };
}
