/**
 * The bridge: every message that passes between the page's script (`loader/`) and the chat in its frame (`frame/`).
 *
 * Both ends use `openPort`, which
 * - listens to one window only and drops a message whose `source` or `origin` is not the one expected;
 * - posts to one exact origin, never to `*`;
 * - drops whatever does not match the shapes below, so neither end trusts the other's data.
 *
 * The order of things: the frame starts and says `hello`; the page answers `init` and then whatever was asked of it meanwhile;
 * the frame sends `look` as soon as it has the inbox's configuration (the launcher appears) and `ready` when it can chat.
 *
 * How each end learns the other's origin: the page takes the frame's from the address of `loader.js`; the frame takes the page's
 * from the fragment of its own address (`#origin=…`, written by the loader). A page that lies there only makes the browser drop
 * the frame's messages; which sites may embed the frame at all is settled by `frame-ancestors` of the frame's CSP.
 */

/** Who the visitor is, as the site knows it. `hash` proves `external_id` (HMAC made by the site's server). */
export interface Identity {
  name?: string;
  email?: string;
  phone?: string;
  external_id?: string;
  hash?: string;
  attributes?: Record<string, string>;
}

/** What a site may override of the inbox's own settings. */
export interface Options {
  locale?: "ru" | "en";
  /** `#rrggbb` */
  accent?: string;
  position?: "left" | "right";
}

/** The page that the visitor is on; shown to the operator. */
export interface PageInfo {
  url: string;
  title: string;
  referrer: string;
}

/** What a site's `on("message", …)` handler receives. */
export interface MessageNotice {
  id: string;
  from: "visitor" | "operator" | "bot";
  text: string;
  created_at: string;
}

/** Page → frame. */
export type ToFrame =
  /** Answer to `hello`: start with these settings. */
  | { type: "init"; options: Options; page: PageInfo }
  /** The panel is visible; said again when `modal` changes: it covers the whole screen (phone), so focus must stay inside. */
  | { type: "show"; modal: boolean; page: PageInfo }
  /** The panel was hidden. */
  | { type: "hide" }
  | { type: "identify"; visitor: Identity }
  | { type: "send"; text: string }
  | { type: "set"; options: Options }
  /** Forget the visitor: close the connection and wipe what is stored; answered by `gone`. */
  | { type: "shutdown" };

/** Frame → page. */
export type ToPage =
  /** The frame's script runs and listens. */
  | { type: "hello" }
  /** Colours, side and words of the launcher; sent again when any of them changes. `ink` is readable on `accent`; `open` and
   * `close` name the launcher for screen readers, with the unread count in words. */
  | {
      type: "look";
      accent: string;
      ink: string;
      position: "left" | "right";
      locale: "ru" | "en";
      title: string;
      open: string;
      close: string;
    }
  /** The chat can be used. */
  | { type: "ready" }
  /** The visitor closed the panel (button or Esc). */
  | { type: "close" }
  | { type: "message"; message: MessageNotice }
  | { type: "unread"; count: number }
  /** Answer to `shutdown`. */
  | { type: "gone" }
  /** The inbox does not exist, is switched off or forbids this visitor; the launcher stays hidden. */
  | { type: "unavailable"; code: string };

/** The fields that a message must have, as `name` (a string) or `name:kind`; `object` means any object but not null. */
type Shapes<M extends { type: string }> = { [T in M["type"]]: string };

/** Shapes accepted by the frame. */
export const TO_FRAME: Shapes<ToFrame> = {
  init: "options:object page:object",
  show: "modal:boolean page:object",
  hide: "",
  identify: "visitor:object",
  send: "text",
  set: "options:object",
  shutdown: "",
};

/** Shapes accepted by the page. */
export const TO_PAGE: Shapes<ToPage> = {
  hello: "",
  look: "accent ink position locale title open close",
  ready: "",
  close: "",
  message: "message:object",
  unread: "count:number",
  gone: "",
  unavailable: "code",
};

const MARK = "omnichat/1";

/** The parts of `Window` that the bridge needs. */
export interface PeerWindow {
  postMessage(message: unknown, targetOrigin: string): void;
}

export interface PortSettings<In extends { type: string }> {
  /** The window whose `message` events are heard. */
  self: Pick<Window, "addEventListener" | "removeEventListener">;
  /** The other end; null while there is none, and then everything is dropped. */
  peer: () => PeerWindow | null;
  /** Exact origin of the other end, e.g. `https://chat.example.org`. */
  origin: string;
  shapes: Shapes<In>;
  receive: (message: In) => void;
}

export interface Port<Out> {
  post(message: Out): void;
  /** Stops listening. */
  shut(): void;
}

function fits(shape: string, message: Record<string, unknown>): boolean {
  return shape.split(" ").every((field) => {
    const [name = "", kind = "string"] = field.split(":");
    return !name || (typeof message[name] === kind && message[name] !== null);
  });
}

/** Opens one end of the bridge. Throws `TypeError` when `origin` is not an exact origin (`*`, `null`, an address with a path). */
export function openPort<In extends { type: string }, Out>(settings: PortSettings<In>): Port<Out> {
  const { self, peer, origin, shapes, receive } = settings;
  if (!/^https?:\/\/[^/*?#]+$/.test(origin)) throw new TypeError(`not an origin: ${origin}`);
  const hear = (event: MessageEvent): void => {
    const from = peer();
    if (!from || (event.source as unknown) !== from || event.origin !== origin) return;
    const data = event.data as { omnichat?: unknown; message?: Record<string, unknown> | null } | null;
    const message = data?.omnichat === MARK ? data.message : null;
    const type = message?.type;
    if (message && typeof type === "string" && Object.hasOwn(shapes, type) && fits(shapes[type as In["type"]], message))
      receive(message as unknown as In);
  };
  self.addEventListener("message", hear);
  return {
    post: (message) => peer()?.postMessage({ omnichat: MARK, message }, origin),
    shut: () => self.removeEventListener("message", hear),
  };
}
