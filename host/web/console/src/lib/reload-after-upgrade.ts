/**
 * A tab that was open while the host was upgraded asks for pages that are gone. Loading the console anew
 * brings the new ones; once a minute at most, so that a broken installation does not reload for ever.
 */
const key = "omnichat.reloaded";

export function reloadAfterUpgrade(): void {
  window.addEventListener("vite:preloadError", (event) => {
    const last = Number(sessionStorage.getItem(key) ?? 0);
    if (Date.now() - last < 60_000) return;
    event.preventDefault();
    sessionStorage.setItem(key, String(Date.now()));
    location.reload();
  });
}
