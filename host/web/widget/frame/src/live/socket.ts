/** The live connection: says hello with the last number seen, keeps itself alive, and comes back after it was lost. */
import type { FromHost, ToHost } from "../wire.ts";
import { delayBefore } from "./backoff.ts";

export interface SocketSettings {
  url: string;
  /** Read at each connection, since both change. */
  hello: () => { token: string; after: string | null };
  receive: (message: FromHost) => void;
  /** `up` once the host has said hello, `down` when that connection ends or cannot be made. */
  changed: (state: "up" | "down") => void;
  /** The host refuses the token (close code 4401): nothing is tried until `start` is called again. */
  refused: () => void;
  open?: (url: string) => WebSocket;
}

/** A newer tab has this one's place. Coming back by itself would push that one out in turn; it waits until somebody looks. */
const TAKEN_OVER = 4409;

/** Milliseconds. A ping goes out this often; silence of `SILENCE` ends the connection, since a dead network does not say so itself. */
const PING = 25_000;
const SILENCE = 60_000;
/** A connection that the host does not greet is given up after this. */
const GREETING = 10_000;

export class LiveSocket {
  private socket: WebSocket | null = null;
  private attempt = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private pulse: ReturnType<typeof setInterval> | undefined;
  private heardAt = 0;
  private up = false;
  private wanted = false;

  constructor(private readonly settings: SocketSettings) {}

  start(): void {
    this.wanted = true;
    if (!this.socket) this.connect();
  }

  /** Ends the connection and does not come back. */
  stop(): void {
    this.wanted = false;
    clearTimeout(this.retry);
    this.drop();
  }

  /** Tries at once when waiting: the network is back, or the visitor looks at the chat. */
  hurry(): void {
    if (!this.wanted || this.socket) return;
    clearTimeout(this.retry);
    this.attempt = 0;
    this.connect();
  }

  /** Ends the present connection and makes a new one, e.g. with another token. */
  restart(): void {
    clearTimeout(this.retry);
    this.drop();
    this.attempt = 0;
    this.start();
  }

  send(message: ToHost): void {
    if (this.up && this.socket?.readyState === 1) this.socket.send(JSON.stringify(message));
  }

  private connect(): void {
    const socket = (this.settings.open ?? ((url: string) => new WebSocket(url)))(this.settings.url);
    this.socket = socket;
    this.heardAt = Date.now();
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", ...this.settings.hello() } satisfies ToHost));
    socket.onmessage = (event) => {
      if (this.socket !== socket) return;
      this.heardAt = Date.now();
      let message: FromHost;
      try {
        message = JSON.parse(String(event.data)) as FromHost;
      } catch {
        return;
      }
      if (message.type === "hello") {
        this.up = true;
        this.attempt = 0;
        this.settings.changed("up");
      }
      this.settings.receive(message);
    };
    socket.onclose = (event) => {
      if (this.socket !== socket) return;
      this.drop();
      if (event.code === 4401) {
        this.wanted = false;
        this.retry = setTimeout(() => this.settings.refused(), delayBefore(this.attempt++));
      } else if (event.code !== TAKEN_OVER) this.again();
    };
    let pinged = Date.now();
    this.pulse = setInterval(() => {
      const now = Date.now();
      if (now - this.heardAt > (this.up ? SILENCE : GREETING)) {
        this.drop();
        this.again();
      } else if (now - pinged >= PING) {
        pinged = now;
        this.send({ type: "ping" });
      }
    }, 5000);
  }

  private again(): void {
    if (!this.wanted) return;
    this.retry = setTimeout(() => this.connect(), delayBefore(this.attempt++));
  }

  private drop(): void {
    clearInterval(this.pulse);
    const socket = this.socket;
    this.socket = null;
    this.up = false;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    try {
      socket.close();
    } catch {
      // A socket that is still connecting may refuse; it is forgotten either way.
    }
    this.settings.changed("down");
  }
}
