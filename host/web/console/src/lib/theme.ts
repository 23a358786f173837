import { createStore } from "./store.ts";
import { recallText, remember } from "./storage.ts";

export type ThemeChoice = "light" | "dark" | "system";

const saved = recallText("theme");
export const themeChoice = createStore<ThemeChoice>(saved === "light" || saved === "dark" ? saved : "system");

export function chooseTheme(choice: ThemeChoice): void {
  remember("theme", choice);
  themeChoice.set(choice);
}
