/** Start of the frame: reads its address, opens the bridge to the page and draws the chat. */
import { computed, effect, signal } from "@preact/signals";
import { render } from "preact";
import { openPort, TO_FRAME, type Port, type ToFrame, type ToPage } from "../../bridge.ts";
import { Chat } from "./chat/chat.ts";
import { openDrawer } from "./chat/storage.ts";
import { chooseLocale, wordsFor } from "./locales/words.ts";
import { accentFrom, applyAccent } from "./look/theme.ts";
import { App } from "./ui/app.tsx";
import { ScreenContext, type OpenImage, type Screen } from "./ui/context.ts";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/timeline.css";
import "./styles/bubble.css";
import "./styles/media.css";
import "./styles/composer.css";
import "./styles/forms.css";

function start(inbox: string, pageOrigin: string, mount: HTMLElement): void {
  let port: Port<ToPage> | null = null;
  const tell = (message: ToPage): void => port?.post(message);

  const chat: Chat = new Chat({
    origin: location.origin,
    inbox,
    drawer: openDrawer(inbox),
    locale: () => words.peek().locale,
    notice: (message) => tell({ type: "message", message }),
  });
  const { state } = chat;
  const words = computed(() => wordsFor(chooseLocale(state.options.value.locale ?? state.config.value?.locale, navigator.languages)));
  const close = (): void => {
    state.shown.value = false;
    tell({ type: "close" });
  };

  const receive = (message: ToFrame): void => {
    switch (message.type) {
      case "init":
        state.options.value = message.options;
        state.page.value = message.page;
        chat.start();
        break;
      case "show":
        chat.show(message.modal, message.page);
        break;
      case "hide":
        chat.hide();
        break;
      case "identify":
        chat.identify(message.visitor);
        break;
      case "send":
        chat.outbox.add({ text: message.text });
        break;
      case "set":
        chat.set(message.options);
        break;
      case "shutdown":
        chat.shutdown();
        render(null, mount);
        tell({ type: "gone" });
    }
  };

  effect(() => {
    document.documentElement.lang = words.value.locale;
  });
  effect(() => {
    const config = state.config.value;
    if (!config) return;
    const { say } = words.value;
    const unread = state.unread.value;
    const accent = accentFrom(state.options.value.accent ?? config.accent);
    applyAccent(document.documentElement.style, accent);
    tell({
      type: "look",
      accent: accent.accent,
      ink: accent.ink,
      position: state.options.value.position ?? config.position,
      locale: words.value.locale,
      title: config.title,
      open: unread > 0 ? `${say("open")}, ${words.value.count("unread", unread)}` : say("open"),
      close: say("close"),
    });
  });
  effect(() => {
    if (state.stage.value === "prechat" || state.stage.value === "offline" || state.stage.value === "chat") tell({ type: "ready" });
  });
  effect(() => tell({ type: "unread", count: state.unread.value }));
  effect(() => {
    const problem = state.failure.value;
    if (problem && !problem.passing && !state.config.value) tell({ type: "unavailable", code: problem.code });
  });

  const screen: Screen = { chat, words, openImage: signal<OpenImage | null>(null), close };
  render(
    <ScreenContext.Provider value={screen}>
      <App />
    </ScreenContext.Provider>,
    mount,
  );
  port = openPort<ToFrame, ToPage>({ self: window, peer: () => window.parent, origin: pageOrigin, shapes: TO_FRAME, receive });
  tell({ type: "hello" });
}

const inbox = new URLSearchParams(location.search).get("inbox");
const pageOrigin = new URLSearchParams(location.hash.slice(1)).get("origin");
const mount = document.getElementById("app");
// Browsers that tell who is around the frame need not take the page's word for it.
const told = (location as Partial<Location>).ancestorOrigins?.[0];
// Opened by itself, without a page around it, the frame has nobody to talk to and stays empty.
if (inbox && pageOrigin && mount && window.parent !== window && (told === undefined || told === pageOrigin)) start(inbox, pageOrigin, mount);
