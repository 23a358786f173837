/**
 * The page's script. It finds the host from its own address, takes over the page's queue of commands and, when the page is idle,
 * puts the launcher and the chat's frame into it. No dependency; everything visible is behind a shadow root.
 */
import { takeOver } from "./queue.ts";
import { createWidget } from "./widget.ts";

const script = (document.currentScript ?? document.querySelector('script[src*="/widget/loader.js"]')) as HTMLScriptElement | null;
if (script?.src) {
  const address = new URL(script.src);
  // A page that uses `omni` for something else names another function: loader.js?name=chat
  const name = address.searchParams.get("name") ?? "omni";
  const warn = (text: string): void => console.warn("omnichat: " + text);
  takeOver(window as unknown as Record<string, unknown>, name, createWidget(new URL(".", address).href, warn), warn);
}
