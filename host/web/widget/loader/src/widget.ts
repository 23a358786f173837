/** The widget as the page sees it: the commands, the launcher's state, and the frame behind the bridge. */
import { openPort, TO_PAGE, type Options, type PageInfo, type Port, type ToFrame, type ToPage } from "../../bridge.ts";
import { createEmitter, type Listener } from "./emitter.ts";
import type { Commands } from "./queue.ts";
import { buildView, type View } from "./view.ts";
import { coverScreen, PHONE } from "./viewport.ts";

const pageInfo = (): PageInfo => ({ url: location.href, title: document.title, referrer: document.referrer });
const plain = (value: unknown): object => (typeof value === "object" ? { ...value } : {});

function whenIdle(run: () => void): void {
  const idle = (): void => {
    if ("requestIdleCallback" in window) requestIdleCallback(run, { timeout: 2000 });
    else setTimeout(run);
  };
  if (document.readyState === "complete") idle();
  else addEventListener("load", idle, { once: true });
}

/** How long a host may take to answer `shutdown`, milliseconds. */
const FAREWELL = 3000;

/** Makes the commands of the page's function. `base` is the address of the host's widget folder, e.g. `https://chat.example.org/widget/`. */
export function createWidget(base: string, warn: (text: string) => void): Commands {
  const emitter = createEmitter();
  const phone = matchMedia(PHONE);
  let inbox = "";
  let options: Options = {};
  let view: View | null = null;
  let port: Port<ToFrame> | null = null;
  let look: Extract<ToPage, { type: "look" }> | null = null;
  let heard = false;
  let ready = false;
  let opened = false;
  let waiting: ToFrame[] = [];
  /** Commands given while `shutdown` is under way; done after it, so that `shutdown` and `init` may follow each other at once. */
  let later: (() => void)[] | null = null;
  let returnTo: Element | null = null;
  let uncover: (() => void) | null = null;

  /** Messages wait until the frame has said hello. */
  const tell = (message: ToFrame): void => {
    if (heard) port?.post(message);
    else waiting.push(message);
  };
  const show = (): ToFrame => ({ type: "show", modal: phone.matches, page: pageInfo() });

  /** Brings everything visible in line with the state. */
  const draw = (): void => {
    if (!view) return;
    const { host, root, launcher, panel, frame } = view;
    const modal = phone.matches;
    root.className = `${look?.position === "left" ? "f" : "r"}${opened ? " o" : ""}${modal ? " m" : ""}`;
    panel.setAttribute("aria-modal", `${modal}`);
    launcher.setAttribute("aria-expanded", `${opened}`);
    if (look) {
      host.lang = look.locale;
      host.style.cssText = `--a:${look.accent};--i:${look.ink}`;
      panel.setAttribute("aria-label", (frame.title = look.title));
      launcher.setAttribute("aria-label", opened ? look.close : look.open);
      launcher.hidden = later !== null;
    }
    if (opened && modal) uncover ??= coverScreen(panel);
    else uncover = (uncover?.(), null);
  };
  const resized = (): void => {
    draw();
    if (opened && heard) tell(show());
  };

  const receive = (message: ToPage): void => {
    switch (message.type) {
      case "hello":
        // Said again when the frame was reloaded: it then has to be told everything anew.
        heard = true;
        tell({ type: "init", options, page: pageInfo() });
        waiting.forEach(tell);
        waiting = [];
        if (opened) tell(show());
        break;
      case "look":
        look = message;
        draw();
        break;
      case "ready":
        if (!ready) emitter.emit("ready");
        ready = true;
        break;
      case "close":
        setOpen(false);
        break;
      case "message":
        emitter.emit("message", message.message);
        break;
      case "unread":
        if (view) view.badge.textContent = message.count > 99 ? "99+" : message.count > 0 ? `${message.count}` : "";
        emitter.emit("unread", message.count);
        break;
      case "gone":
        remove();
        break;
      case "unavailable":
        warn(`inbox "${inbox}" cannot be used here: ${message.code}`);
    }
  };

  const mount = (): void => {
    if (view || !inbox) return;
    const { frame, launcher, host, root } = (view = buildView(
      `${base}frame?inbox=${encodeURIComponent(inbox)}#origin=${encodeURIComponent(location.origin)}`,
    ));
    port = openPort({ self: window, peer: () => frame.contentWindow, origin: new URL(base).origin, shapes: TO_PAGE, receive });
    launcher.onclick = () => setOpen(!opened);
    root.onkeydown = (event) => {
      // No value is returned: `false` would cancel every other key.
      if (event.key === "Escape") setOpen(false);
    };
    phone.onchange = resized;
    draw();
    document.body.appendChild(host);
  };

  const setOpen = (next: boolean): void => {
    if (!inbox || next === opened) return;
    if (!document.body) return addEventListener("DOMContentLoaded", () => setOpen(next));
    mount();
    if (!view) return;
    opened = next;
    draw();
    if (next) {
      returnTo = document.activeElement;
      if (heard) tell(show());
      view.frame.focus({ preventScroll: true });
    } else {
      tell({ type: "hide" });
      // Focus returns where it came from; the host element stands for the launcher inside it.
      const back = returnTo?.isConnected && returnTo !== view.host && returnTo !== document.body ? returnTo : view.launcher;
      (back as HTMLElement).focus({ preventScroll: true });
    }
    emitter.emit(next ? "open" : "close");
  };

  const remove = (): void => {
    uncover?.();
    port?.shut();
    view?.host.remove();
    view = port = uncover = look = phone.onchange = null;
    inbox = "";
    options = {};
    heard = ready = opened = false;
    waiting = [];
    const held = later ?? [];
    later = null;
    for (const run of held) run();
  };

  const commands: Commands = {
    init(id, given) {
      if (typeof id !== "string" || !id) return warn('init needs an inbox: omni("init", "INBOX_ID")');
      if (inbox) return inbox === id ? undefined : warn("already started, call shutdown first");
      inbox = id;
      Object.assign(options, given);
      whenIdle(mount);
    },
    open: () => setOpen(true),
    close: () => setOpen(false),
    toggle: () => setOpen(!opened),
    identify: (visitor) => tell({ type: "identify", visitor: plain(visitor) }),
    send: (text) => (typeof text === "string" && text.trim() ? tell({ type: "send", text }) : warn("send needs a text")),
    set(given) {
      Object.assign(options, given);
      if (heard) tell({ type: "set", options });
    },
    on(event, listener) {
      if (typeof listener !== "function") return warn("on needs an event and a function");
      emitter.on(event as string, listener as Listener);
      if (event === "ready" && ready) listener();
    },
    off: (event, listener) => emitter.off(event as string, listener as Listener | undefined),
    shutdown() {
      if (!inbox) return;
      setOpen(false);
      mount();
      later = [];
      draw();
      tell({ type: "shutdown" });
      // A host that does not answer must not keep the page from starting again.
      const asked = view;
      setTimeout(() => later && view === asked && remove(), FAREWELL);
    },
  };
  for (const [name, run] of Object.entries(commands)) {
    if (name !== "on" && name !== "off") commands[name] = (...args) => void (later ? later.push(() => run(...args)) : run(...args));
  }
  return commands;
}
