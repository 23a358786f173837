import { useEffect } from "react";

/** What floats: a menu or dialog, in which the focus is a guest. */
const floating = '[role="dialog"], [role="menu"], [role="listbox"]';
let last: HTMLElement | null = null;

if (typeof document !== "undefined") {
  document.addEventListener("focusin", ({ target }) => {
    if (target instanceof HTMLElement && target.closest(floating) === null) last = target;
  });
}

/**
 * Gives the focus back to where it was on the page before something opened over it. Mantine does so only for what
 * stays mounted, and knows nothing of a menu between the page and a dialog.
 */
export function useReturnFocus(opened: boolean): void {
  useEffect(() => {
    if (!opened) return;
    const origin = last;
    return () => {
      window.setTimeout(() => {
        const lost = document.activeElement === null || document.activeElement === document.body;
        if (lost && document.querySelector('[aria-modal="true"]') === null) origin?.focus({ preventScroll: true });
      });
    };
  }, [opened]);
}
