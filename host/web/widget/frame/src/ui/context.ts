/** What every part of the screen may use. */
import type { ReadonlySignal, Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Chat } from "../chat/chat.ts";
import type { Words } from "../locales/words.ts";

/** An image shown large; `url` names it among the images of the conversation. */
export interface OpenImage {
  url: string;
}

export interface Screen {
  chat: Chat;
  words: ReadonlySignal<Words>;
  openImage: Signal<OpenImage | null>;
  /** Closes the panel. */
  close: () => void;
}

export const ScreenContext = createContext<Screen | null>(null);

export function useScreen(): Screen {
  const screen = useContext(ScreenContext);
  if (!screen) throw new Error("useScreen outside of ScreenContext");
  return screen;
}
