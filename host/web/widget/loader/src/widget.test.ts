import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ToFrame, ToPage } from "../../bridge.ts";
import { createWidget } from "./widget.ts";

const HOST = "https://chat.example.org";
const LOOK: ToPage = {
  type: "look",
  accent: "#112233",
  ink: "#ffffff",
  position: "left",
  locale: "ru",
  title: "Chat",
  open: "Open",
  close: "Close",
};

let commands: ReturnType<typeof createWidget>;
let warn: ReturnType<typeof vi.fn<(text: string) => void>>;
let posted: ToFrame[];

const host = (): HTMLElement | null => document.querySelector("[data-omnichat]");
const inside = <E extends Element>(selector: string): E => host()?.shadowRoot?.querySelector(selector) as E;
const call = (name: string, ...args: unknown[]): void => commands[name]?.(...args);
const tick = async (): Promise<void> => void (await vi.advanceTimersByTimeAsync(0));

/** jsdom gives a frame in a shadow tree no window: this one stands in and keeps what is posted to it. */
const frameWindow = {
  postMessage(data: { message: ToFrame }, target: string) {
    expect(target).toBe(HOST);
    posted.push(data.message);
  },
};

function fromFrame(message: ToPage, origin = HOST, source: unknown = frameWindow): void {
  const event = new MessageEvent("message", { data: { omnichat: "omnichat/1", message }, origin });
  Object.defineProperty(event, "source", { value: source });
  window.dispatchEvent(event);
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("matchMedia", () => ({ matches: false, onchange: null }));
  vi.spyOn(HTMLIFrameElement.prototype, "contentWindow", "get").mockReturnValue(frameWindow as unknown as Window);
  posted = [];
  warn = vi.fn();
  commands = createWidget(`${HOST}/widget/`, warn);
});

afterEach(() => {
  // Also takes its listener off the window that the next test uses.
  call("shutdown");
  vi.advanceTimersByTime(3000);
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

async function start(): Promise<void> {
  call("init", "inbox_1");
  await tick();
}

describe("the loader", () => {
  it("puts the frame in when the page is idle, and shows the launcher only once the look is known", async () => {
    call("init", "inbox 1");
    expect(host()).toBeNull();
    await tick();
    const frame = inside<HTMLIFrameElement>("iframe");
    expect(frame.src).toBe(`${HOST}/widget/frame?inbox=inbox%201#origin=${encodeURIComponent(location.origin)}`);
    expect(inside<HTMLButtonElement>(".l").hidden).toBe(true);
    fromFrame(LOOK);
    expect(inside<HTMLButtonElement>(".l").hidden).toBe(false);
    expect(inside<HTMLButtonElement>(".l").getAttribute("aria-label")).toBe("Open");
    expect(inside<HTMLElement>("div").className).toBe("f");
  });

  it("holds what was asked until the frame says hello", async () => {
    call("identify", { name: "Anna" });
    await start();
    call("send", "hello");
    call("open");
    expect(posted).toEqual([]);
    fromFrame({ type: "hello" });
    expect(posted.map((message) => message.type)).toEqual(["init", "identify", "send", "show"]);
  });

  it("hears nobody but its own frame", async () => {
    await start();
    fromFrame(LOOK, "https://evil.example.net");
    fromFrame(LOOK, HOST, window);
    expect(inside<HTMLButtonElement>(".l").hidden).toBe(true);
  });

  it("opens, closes and tells listeners", async () => {
    const heard: string[] = [];
    for (const name of ["ready", "open", "close"]) call("on", name, () => heard.push(name));
    await start();
    fromFrame({ type: "hello" });
    fromFrame(LOOK);
    fromFrame({ type: "ready" });
    fromFrame({ type: "ready" });
    inside<HTMLButtonElement>(".l").click();
    expect(inside<HTMLElement>("div").className).toBe("f o");
    expect(inside<HTMLButtonElement>(".l").getAttribute("aria-expanded")).toBe("true");
    fromFrame({ type: "close" });
    expect(inside<HTMLElement>("div").className).toBe("f");
    call("toggle");
    await tick();
    expect(heard).toEqual(["ready", "open", "close", "open"]);
  });

  it("gives the focus back to where it was", async () => {
    const field = document.body.appendChild(document.createElement("input"));
    await start();
    field.focus();
    call("open");
    expect(document.activeElement).toBe(host());
    fromFrame({ type: "close" });
    expect(document.activeElement).toBe(field);
    field.remove();
  });

  it("lets every key but Escape through", async () => {
    await start();
    const press = (key: string): boolean =>
      inside(".l").dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    expect(press("Enter")).toBe(true);
    call("open");
    press("Escape");
    expect(inside<HTMLElement>("div").className).toBe("r");
  });

  it("counts what is unread on the launcher", async () => {
    const counts: unknown[] = [];
    call("on", "unread", (count: unknown) => counts.push(count));
    await start();
    fromFrame({ type: "unread", count: 3 });
    expect(inside(".b").textContent).toBe("3");
    fromFrame({ type: "unread", count: 120 });
    expect(inside(".b").textContent).toBe("99+");
    fromFrame({ type: "unread", count: 0 });
    expect(inside(".b").textContent).toBe("");
    await tick();
    expect(counts).toEqual([3, 120, 0]);
  });

  it("forgets everything on shutdown and can start anew at once", async () => {
    await start();
    fromFrame({ type: "hello" });
    call("shutdown");
    call("init", "inbox_2");
    expect(posted.at(-1)).toEqual({ type: "shutdown" });
    fromFrame({ type: "gone" });
    expect(host()).toBeNull();
    await tick();
    expect(inside<HTMLIFrameElement>("iframe").src).toContain("inbox=inbox_2");
  });

  it("does not wait for ever for a host that is gone", async () => {
    await start();
    call("shutdown");
    await vi.advanceTimersByTimeAsync(3000);
    expect(host()).toBeNull();
  });

  it("says what is wrong with a command", () => {
    call("init");
    call("send", " ");
    call("on", "open");
    call("init", "inbox_1");
    call("init", "inbox_2");
    expect(warn).toHaveBeenCalledTimes(4);
  });
});
