/** What the loader puts into the page: one element with a shadow root that holds the launcher and the panel with the frame. */
import { addStyles } from "./styles.ts";
import styles from "./widget.css?inline";

export interface View {
  host: HTMLElement;
  /** Carries the state classes: r/f side (right, left), o open, m whole screen. */
  root: HTMLElement;
  launcher: HTMLButtonElement;
  badge: HTMLElement;
  panel: HTMLElement;
  frame: HTMLIFrameElement;
}

/** Elements are made one by one: a page with Trusted Types refuses markup. */
function make<K extends keyof HTMLElementTagNameMap>(tag: K, parent: Node, name: string): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  element.className = name;
  parent.appendChild(element);
  return element;
}

/** Decoration, like everything inside a button that has a label. */
function icon(parent: Node, name: string, path: string): void {
  const place = "http://www.w3.org/2000/svg";
  const svg = parent.appendChild(document.createElementNS(place, "svg"));
  svg.setAttribute("class", name);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.appendChild(document.createElementNS(place, "path")).setAttribute("d", path);
}

/** Builds everything, hidden, outside of the document. */
export function buildView(src: string): View {
  const host = document.createElement("div");
  host.dataset.omnichat = "";
  const shadow = host.attachShadow({ mode: "open" });
  addStyles(shadow, styles);
  const root = make("div", shadow, "r");
  const panel = make("div", root, "p");
  panel.setAttribute("role", "dialog");
  const frame = make("iframe", panel, "");
  frame.allow = "geolocation;clipboard-write;fullscreen";
  frame.src = src;
  const launcher = make("button", root, "l");
  launcher.type = "button";
  launcher.hidden = true;
  icon(launcher, "c", "M21 11.5a8.5 8.5 0 0 1-12.4 7.6L3 21l1.9-5.6A8.5 8.5 0 1 1 21 11.5zM8.5 10h7M8.5 13.5h4.5");
  icon(launcher, "x", "m6 9.5 6 6 6-6");
  const badge = make("span", launcher, "b");
  return { host, root, launcher, badge, panel, frame };
}
