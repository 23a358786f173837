import { useEffect } from "react";

/** What floats: a menu or dialog, in which the focus is a guest. */
const floating = '[role="dialog"], [role="menu"], [role="listbox"]';
let last: HTMLElement | null = null;

if (typeof document !== "undefined") {
  document.addEventListener("focusin", ({ target }) => {
    if (target instanceof HTMLElement && target.closest(floating) === null) last = target;
  });
}

/** How often, and how many times, it is looked whether a dialog that was closed has left the page, in milliseconds. */
const LOOK_AGAIN = 40;
const LOOKS = 25;

/**
 * Gives the focus back to where it was on the page before something opened over it. Mantine does so only for what
 * stays mounted, knows nothing of a menu between the page and a dialog, and loses the focus where a dialog is closed
 * before it has taken the focus: then it takes it while it leaves.
 */
export function useReturnFocus(opened: boolean): void {
  useEffect(() => {
    if (!opened) return;
    const origin = last;
    return () => void window.setTimeout(() => giveBack(origin, LOOKS));
  }, [opened]);
}

function giveBack(origin: HTMLElement | null, looks: number): void {
  const { activeElement } = document;
  const lost = activeElement === null || activeElement === document.body;
  if (!lost && activeElement.closest(floating) === null) return;
  if (document.querySelector('[aria-modal="true"]') === null) {
    if (lost) origin?.focus({ preventScroll: true });
  } else if (looks > 0) {
    // It is on its way out, or another one is open, which gives the focus back itself.
    window.setTimeout(() => giveBack(origin, looks - 1), LOOK_AGAIN);
  }
}
