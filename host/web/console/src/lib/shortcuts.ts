/**
 * Keys by their place on the keyboard, so that they work in a Russian layout too. Keys without a
 * modifier stay silent while somebody types or while a dialog is open.
 */
import { useEffect, useRef } from "react";

export type ShortcutMap = Record<string, ((event: KeyboardEvent) => void) | undefined>;

/** "KeyJ", "Shift+Slash", "Mod+KeyK". */
export function chord(event: KeyboardEvent): string {
  const mod = event.ctrlKey || event.metaKey ? "Mod+" : "";
  const alt = event.altKey ? "Alt+" : "";
  const shift = event.shiftKey ? "Shift+" : "";
  return mod + alt + shift + event.code;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Enter belongs to whatever has the focus and can be pressed. */
function isPressable(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("a, button, [role='option'], [role='tab']") !== null;
}

function isDialogOpen(): boolean {
  // A closed select keeps its hidden list in the page.
  const floating = document.querySelectorAll('[role="dialog"], [role="menu"], [role="listbox"]');
  return [...floating].some((element) => element.checkVisibility());
}

export function useShortcuts(map: ShortcutMap): void {
  const latest = useRef(map);
  latest.current = map;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat) return;
      const name = chord(event);
      const run = latest.current[name];
      if (run === undefined) return;
      if (!name.startsWith("Mod+") && (isTyping(event.target) || isDialogOpen())) return;
      if (event.code === "Enter" && isPressable(event.target)) return;
      event.preventDefault();
      run(event);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
