import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { config, message, session } from "../testing/builders.ts";
import type { FromHost, WidgetSession } from "../wire.ts";
import { Chat } from "./chat.ts";
import { openDrawer } from "./storage.ts";

const PAGE = { url: "https://shop.example.org/", title: "Shop", referrer: "" };

/** The host behind `fetch` and `WebSocket`. */
const host = { calls: [] as string[], session: session(), up: true };
const sockets: FakeSocket[] = [];

class FakeSocket {
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  constructor() {
    sockets.push(this);
    queueMicrotask(() => {
      if (!host.up) return this.onclose?.({ code: 1006 });
      this.readyState = 1;
      this.onopen?.();
      this.say({ type: "hello", cursor: host.session.cursor, online: host.session.online });
    });
  }
  send(): void {
    host.calls.push("socket");
  }
  close(): void {
    this.readyState = 3;
  }
  say(frame: FromHost): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

function answerFor(path: string): unknown {
  if (path.endsWith("/config")) return config({ online: host.session.online });
  if (path.endsWith("/session")) return host.session;
  return undefined;
}

const notices: string[] = [];
const running: Chat[] = [];

async function visit(part: Partial<WidgetSession> = {}): Promise<Chat> {
  host.session = session(part);
  const chat = new Chat({
    origin: "https://chat.example.org",
    inbox: "inbox",
    drawer: openDrawer("inbox"),
    locale: () => "en",
    notice: (notice) => notices.push(notice.id),
  });
  running.push(chat);
  chat.start();
  await passed();
  return chat;
}

const passed = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const arrive = (id: string, position: number): void =>
  sockets.at(-1)?.say({ type: "event", cursor: `cursor ${position}`, event: { type: "message_created", message: message(id, { position }) } });
const called = (what: string): number => host.calls.filter((call) => call === what).length;

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  Object.assign(host, { calls: [], up: true });
  sockets.length = notices.length = 0;
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("fetch", (url: string) => {
    const path = new URL(url).pathname;
    host.calls.push(path.split("/").at(-1) ?? "");
    if (!host.up) return Promise.reject(new TypeError("no network"));
    const answer = answerFor(path);
    return Promise.resolve(
      new Response(answer === undefined ? null : JSON.stringify(answer), { status: answer === undefined ? 204 : 200 }),
    );
  });
});
afterEach(() => {
  for (const chat of running.splice(0)) chat.shutdown();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a visitor who is new", () => {
  it("costs the host no session until the chat is opened", async () => {
    const chat = await visit();
    expect(chat.state.stage.value).toBe("chat");
    expect(host.calls).toEqual(["config"]);
    chat.show(false, PAGE);
    await passed();
    expect(called("session")).toBe(1);
    expect(sockets).toHaveLength(1);
  });

  it("who comes back is connected at once, for the unread mark", async () => {
    openDrawer("inbox").set("token", "token-1");
    const chat = await visit({ conversation: { id: "c", status: "open", operator: null, unread: 2 }, messages: [message("a")] });
    expect(sockets).toHaveLength(1);
    expect(chat.state.unread.value).toBe(2);
  });
});

describe("reading", () => {
  it("is told to the host after a glance, and never while the panel is closed", async () => {
    const chat = await visit();
    chat.show(false, PAGE);
    await passed();
    chat.hide();
    arrive("a", 20);
    await passed(5000);
    expect(called("read")).toBe(0);
    expect(chat.state.unread.value).toBe(1);
    chat.show(false, PAGE);
    expect(chat.state.unread.value).toBe(0);
    await passed(1000);
    expect(called("read")).toBe(1);
    await passed(60_000);
    expect(called("read")).toBe(1);
  });

  it("waits until the last message is in view", async () => {
    const chat = await visit();
    chat.show(false, PAGE);
    await passed();
    chat.state.atBottom.value = false;
    arrive("a", 20);
    await passed(5000);
    expect([called("read"), chat.state.unread.value]).toEqual([0, 1]);
    chat.state.atBottom.value = true;
    await passed(1000);
    expect([called("read"), chat.state.unread.value]).toEqual([1, 0]);
  });
});

it("tells the page of each new message once", async () => {
  const chat = await visit();
  chat.show(false, PAGE);
  await passed();
  arrive("a", 20);
  arrive("a", 20);
  arrive("b", 21);
  expect(notices).toEqual(["a", "b"]);
});

it("says that the connection is lost only after three seconds without it", async () => {
  const chat = await visit();
  chat.show(false, PAGE);
  await passed();
  host.up = false;
  sockets.at(-1)?.onclose?.({ code: 1006 });
  await passed(2900);
  expect(chat.state.lost.value).toBe(false);
  await passed(200);
  expect(chat.state.lost.value).toBe(true);
  host.up = true;
  await passed(15_000);
  expect(chat.state.lost.value).toBe(false);
});

it("forgets the visitor when another tab does, and keeps nothing of them", async () => {
  openDrawer("inbox").set("token", "token-1");
  const chat = await visit({ messages: [message("a")], visitor: { name: "Anna", email: null } });
  expect(chat.state.messages.value).toHaveLength(1);
  localStorage.clear();
  window.dispatchEvent(new StorageEvent("storage", { key: "omnichat:inbox:token", newValue: null }));
  await passed(60_000);
  expect(chat.state.messages.value).toEqual([]);
  expect(chat.state.visitor.value.name).toBeNull();
  expect(called("session")).toBe(1);
});

it("leaves nothing in storage after shutdown", async () => {
  const chat = await visit();
  chat.show(false, PAGE);
  chat.state.draft.value = "half a sentence";
  await passed();
  expect(localStorage.length).toBeGreaterThan(0);
  chat.shutdown();
  await passed(60_000);
  expect(localStorage.length).toBe(0);
});
