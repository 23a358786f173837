/** The whole-screen mode of a phone: the panel follows the visible part of the screen (above the keyboard) and the page behind stays still. */
import { addStyles } from "./styles.ts";

/** True where the panel would not fit beside the page: a narrow window, or a low one that is touched. */
export const PHONE = "(max-width:480px),(max-height:480px) and (pointer:coarse)";

/** Keeps `panel` over the visible part of the screen and stops the page from scrolling. Answers how to undo both. */
export function coverScreen(panel: HTMLElement): () => void {
  const top = scrollY;
  // iOS scrolls a page behind in spite of `overflow`; a fixed body cannot move.
  const free = addStyles(
    document,
    `html{overflow:hidden!important}body{position:fixed!important;top:${-top}px!important;left:0!important;right:0!important}`,
  );
  const screen = window.visualViewport;
  const follow = (): void => {
    if (!screen) return;
    const { offsetTop, height } = screen;
    // Above an open keyboard nothing has to be kept free for the home bar.
    panel.style.cssText = `top:${offsetTop}px;height:${height}px;bottom:auto;${innerHeight - height > 120 ? "padding-bottom:0" : ""}`;
  };
  follow();
  screen?.addEventListener("resize", follow);
  screen?.addEventListener("scroll", follow);
  return () => {
    screen?.removeEventListener("resize", follow);
    screen?.removeEventListener("scroll", follow);
    panel.style.cssText = "";
    free();
    scrollTo({ top, behavior: "instant" });
  };
}
