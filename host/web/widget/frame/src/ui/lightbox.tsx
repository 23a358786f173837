/** An image over the whole frame, with the other images of the conversation beside it. */
import { useEffect, useRef } from "preact/hooks";
import { useScreen } from "./context.ts";
import { Icon } from "./icons.tsx";

export function Lightbox() {
  const { chat, words, openImage } = useScreen();
  const { say } = words.value;
  const box = useRef<HTMLDivElement>(null);
  const images = chat.state.messages.value
    .filter((message) => !message.deleted_at)
    .flatMap((message) => message.attachments)
    .filter((file) => file.kind === "image" && file.url && file.state === "ready");
  const url = openImage.value?.url ?? "";
  const index = images.findIndex((file) => file.url === url);
  const name = images[index]?.name ?? say("image");
  const go = (step: number): void => {
    const next = images[index + step]?.url;
    if (next) openImage.value = { url: next };
  };
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    box.current?.focus();
    return () => before?.focus({ preventScroll: true });
  }, []);
  return (
    <div
      class="lightbox"
      ref={box}
      role="dialog"
      aria-modal="true"
      aria-label={name}
      tabIndex={-1}
      onClick={(event) => {
        if (event.target === event.currentTarget) openImage.value = null;
      }}
      onKeyDown={(event) => {
        if (event.key === "ArrowLeft") go(-1);
        if (event.key === "ArrowRight") go(1);
      }}
    >
      <img src={url} alt={name} />
      <div class="lightbox-bar">
        <span class="lightbox-name">{name}</span>
        <a
          class="icon-button"
          href={url}
          target="_blank"
          rel="noopener noreferrer"
          aria-label={say("image_original")}
          title={say("image_original")}
        >
          <Icon name="external" />
        </a>
        <button
          type="button"
          class="icon-button"
          aria-label={say("image_close")}
          title={`${say("image_close")} (Esc)`}
          onClick={() => (openImage.value = null)}
        >
          <Icon name="close" />
        </button>
      </div>
      {index > 0 && (
        <button type="button" class="icon-button side left" aria-label={say("image_previous")} onClick={() => go(-1)}>
          <Icon name="left" />
        </button>
      )}
      {index >= 0 && index < images.length - 1 && (
        <button type="button" class="icon-button side right" aria-label={say("image_next")} onClick={() => go(1)}>
          <Icon name="right" />
        </button>
      )}
    </div>
  );
}
