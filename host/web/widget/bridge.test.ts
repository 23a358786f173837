import { describe, expect, it, vi } from "vitest";
import { openPort, TO_FRAME, TO_PAGE, type ToFrame, type ToPage } from "./bridge.ts";

const SITE = "https://shop.example.org";
const HOST = "https://chat.example.org";

/** One end as a test sees it: `hear` delivers a window message to it, `posted` is what it sent. */
function end<In extends { type: string }, Out>(origin: string, shapes: Parameters<typeof openPort<In, Out>>[0]["shapes"]) {
  const heard: In[] = [];
  const posted: [unknown, string][] = [];
  const listeners = new Set<(event: MessageEvent) => void>();
  const peer = { postMessage: (message: unknown, target: string) => void posted.push([message, target]) };
  const self = {
    addEventListener: (_: string, listener: unknown) => void listeners.add(listener as (event: MessageEvent) => void),
    removeEventListener: (_: string, listener: unknown) => void listeners.delete(listener as (event: MessageEvent) => void),
  };
  const port = openPort<In, Out>({
    self: self as unknown as Window,
    peer: () => peer,
    origin,
    shapes,
    receive: (message) => heard.push(message),
  });
  const hear = (data: unknown, from: string = origin, source: unknown = peer): void => {
    for (const listener of listeners) listener({ data, origin: from, source } as unknown as MessageEvent);
  };
  return { port, hear, heard, posted, listeners };
}

const wrap = (message: unknown): unknown => ({ omnichat: "omnichat/1", message });

describe.each([
  ["page", HOST, TO_PAGE, { type: "unread", count: 2 }],
  ["frame", SITE, TO_FRAME, { type: "send", text: "hello" }],
])("the %s's end", (_, origin, shapes, message) => {
  const make = () => end<ToPage & ToFrame, unknown>(origin, shapes as never);

  it("hears its peer", () => {
    const { hear, heard } = make();
    hear(wrap(message));
    expect(heard).toEqual([message]);
  });

  it.each(["https://evil.example.net", `${origin}.evil.example.net`, origin.replace("https", "http"), `${origin}:8443`, "null", ""])(
    "is deaf to the origin %s",
    (other) => {
      const { hear, heard } = make();
      hear(wrap(message), other);
      expect(heard).toEqual([]);
    },
  );

  it("is deaf to another window of the right origin", () => {
    const { hear, heard } = make();
    hear(wrap(message), origin, { postMessage: vi.fn() });
    hear(wrap(message), origin, null);
    expect(heard).toEqual([]);
  });

  it("drops what is not a message of the bridge", () => {
    const { hear, heard } = make();
    for (const data of [
      null,
      "text",
      7,
      message,
      wrap(null),
      wrap("x"),
      wrap({ type: "toString" }),
      wrap({ type: "constructor" }),
      wrap({}),
      { omnichat: "omnichat/2", message },
    ])
      hear(data);
    expect(heard).toEqual([]);
  });

  it("drops fields of the wrong kind", () => {
    const { hear, heard } = make();
    hear(wrap({ ...message, count: "2", text: 7 }));
    hear(wrap({ type: message.type }));
    expect(heard).toEqual([]);
  });

  it("posts to the exact origin only", () => {
    const { port, posted } = make();
    port.post({ type: "hello" });
    expect(posted).toEqual([[wrap({ type: "hello" }), origin]]);
  });

  it("stops listening when shut", () => {
    const { port, listeners } = make();
    port.shut();
    expect(listeners.size).toBe(0);
  });
});

describe("openPort", () => {
  it.each(["*", "", "null", "https://a.example.org/path", "javascript:alert(1)", "https://*.example.org"])(
    "refuses %j as an origin",
    (origin) => {
      expect(() => end(origin, TO_PAGE)).toThrow(TypeError);
    },
  );

  it("drops everything while there is no peer", () => {
    const heard: unknown[] = [];
    let listener: (event: MessageEvent) => void = () => undefined;
    const self = { addEventListener: (_: string, added: typeof listener) => (listener = added), removeEventListener: vi.fn() };
    const port = openPort({
      self: self as unknown as Window,
      peer: () => null,
      origin: HOST,
      shapes: TO_PAGE,
      receive: (message) => heard.push(message),
    });
    listener({ data: wrap({ type: "hello" }), origin: HOST, source: null } as MessageEvent);
    port.post({ type: "hide" });
    expect(heard).toEqual([]);
  });
});
