/** The whole frame: header, the stage that is due, and what lies over them. */
import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { Composer } from "./composer.tsx";
import { useScreen } from "./context.ts";
import { Header } from "./header.tsx";
import { Icon } from "./icons.tsx";
import { Lightbox } from "./lightbox.tsx";
import { ClosedBar, Failed, LostStrip, Skeleton } from "./notices.tsx";
import { OfflineForm } from "./offline-form.tsx";
import { Prechat } from "./prechat.tsx";
import { Timeline } from "./timeline.tsx";

function Body() {
  const { stage, conversation, fresh } = useScreen().chat.state;
  switch (stage.value) {
    case "loading":
      return <Skeleton />;
    case "failed":
      return <Failed />;
    case "prechat":
      return <Prechat />;
    case "offline":
      return <OfflineForm />;
    case "chat":
      return (
        <>
          <Timeline />
          {conversation.value?.status === "closed" && !fresh.value ? <ClosedBar /> : <Composer />}
        </>
      );
  }
}

const FOCUSABLE = 'a[href],button:not([disabled]),input:not([hidden]):not([disabled]),textarea,[tabindex="0"]';

/** Keeps Tab inside `root`. */
function holdFocus(root: HTMLElement, event: KeyboardEvent): void {
  const stops = [...root.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((stop) => stop.offsetParent !== null);
  const [first, last] = [stops[0], stops.at(-1)];
  if (!first || !last) return;
  const active = document.activeElement;
  if (event.shiftKey ? active === first || !root.contains(active) || active === root : active === last) {
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  }
}

export function App() {
  const { chat, words, openImage, close } = useScreen();
  const { stage, shown, modal, config, conversation } = chat.state;
  const root = useRef<HTMLDivElement>(null);
  const [dropping, setDropping] = useState(false);
  const { say } = words.value;
  const writable = stage.value === "chat" && conversation.value?.status !== "closed";

  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key === "Escape" && !event.isComposing) {
        if (openImage.peek()) openImage.value = null;
        else close();
      }
      if (event.key !== "Tab" || !root.current) return;
      const box = root.current.querySelector<HTMLElement>(".lightbox");
      if (box ?? modal.peek()) holdFocus(box ?? root.current, event);
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [openImage, modal, close]);
  useSignalEffect(() => {
    if (!shown.value) openImage.value = null;
    else if (modal.peek() || stage.peek() !== "chat") {
      // A phone's keyboard would come up over the form at once.
      const first = modal.peek() ? null : root.current?.querySelector<HTMLElement>(".form input");
      (first ?? root.current)?.focus({ preventScroll: true });
    }
  });

  return (
    <div
      class="app"
      ref={root}
      tabIndex={-1}
      onDragOver={(event) => {
        // A file that is dropped beside must not replace the chat.
        event.preventDefault();
        if (writable && event.dataTransfer?.types.includes("Files")) setDropping(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setDropping(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setDropping(false);
        if (writable) chat.uploads.add([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      <Header />
      <LostStrip />
      <main class="body" aria-labelledby="title">
        <Body />
      </main>
      {config.value?.branding && <footer class="branding">{say("branding", { name: "OmniChat" })}</footer>}
      {dropping && (
        <div class="drop">
          <Icon name="attach" size={28} />
          {say("drop")}
        </div>
      )}
      {openImage.value && <Lightbox />}
    </div>
  );
}
