/**
 * A tab that was open while the host was upgraded asks for pages that are gone. Loading the console anew
 * brings the new ones; once a minute at most, so that a broken installation does not reload for ever, and only
 * from a host that answers: without one the tab would be lost, and all that is in it.
 */
const key = "omnichat.reloaded";

export function reloadAfterUpgrade(): void {
  window.addEventListener("vite:preloadError", () => {
    const last = Number(sessionStorage.getItem(key) ?? 0);
    if (Date.now() - last < 60_000) return;
    fetch("/favicon.svg", { method: "HEAD", cache: "no-store" }).then(
      (answer) => {
        if (!answer.ok) return;
        sessionStorage.setItem(key, String(Date.now()));
        location.reload();
      },
      () => undefined,
    );
  });
}
