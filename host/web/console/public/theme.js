// Runs before the first paint, so that a dark console never flashes white. Not a module for that reason.
(function () {
  var saved = null;
  try {
    saved = localStorage.getItem("omnichat.theme");
  } catch {
    // Without storage the system's choice holds.
  }
  var dark = saved === "dark" || (saved !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
