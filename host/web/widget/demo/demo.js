// What a site does: the snippet, `init`, and whatever else it wants of the widget. Kept in a file of its own, since the page's CSP
// allows no inline script.
(function (w, d, s, o, u) {
  w[o] = w[o] || function () { (w[o].q = w[o].q || []).push(arguments); };
  var j = d.createElement(s), f = d.getElementsByTagName(s)[0];
  j.async = 1; j.src = u; f.parentNode.insertBefore(j, f);
})(window, document, "script", "omni", "/widget/loader.js");

const inbox = new URLSearchParams(location.search).get("inbox");
const russian = navigator.language.startsWith("ru");

if (russian) {
  document.documentElement.lang = "ru";
  for (const element of document.querySelectorAll("[data-ru]")) element.textContent = element.dataset.ru;
}

document.querySelector(".snippet").textContent = `<script>
(function(w,d,s,o,u){w[o]=w[o]||function(){(w[o].q=w[o].q||[]).push(arguments)};var j=d.createElement(s),f=d.getElementsByTagName(s)[0];j.async=1;j.src=u;f.parentNode.insertBefore(j,f)})(window,document,'script','omni','${location.origin}/widget/loader.js');
omni('init', '${inbox ?? "INBOX_ID"}');
</script>`;

const events = document.querySelector(".events");
function note(text) {
  const line = document.createElement("li");
  line.textContent = text;
  events.append(line);
  while (events.childElementCount > 6) events.firstElementChild.remove();
}

if (inbox) omni("init", inbox);
else document.querySelector(".missing").hidden = false;
omni("on", "ready", () => note("ready"));
omni("on", "open", () => note("open"));
omni("on", "close", () => note("close"));
omni("on", "message", (message) => note(`message from ${message.from}: ${message.text}`));
omni("on", "unread", (count) => note(`unread: ${count}`));

const commands = {
  open: () => omni("open"),
  toggle: () => omni("toggle"),
  send: () => omni("send", russian ? "Здравствуйте, подскажите по заказу" : "Hello, I have a question about an order"),
  left: () => omni("set", { position: "left" }),
  right: () => omni("set", { position: "right" }),
  russian: () => omni("set", { locale: "ru" }),
  english: () => omni("set", { locale: "en" }),
  shutdown: () => {
    omni("shutdown");
    if (inbox) omni("init", inbox);
  },
};
for (const button of document.querySelectorAll("[data-command]")) button.addEventListener("click", commands[button.dataset.command]);
