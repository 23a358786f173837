/** Where the visitor writes. Enter sends, Shift+Enter begins a new line. */
import { useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { MOST_FILES } from "../chat/uploads.ts";
import { Chips } from "./chips.tsx";
import { useScreen } from "./context.ts";
import { Icon } from "./icons.tsx";

export function Composer() {
  const { chat, words } = useScreen();
  const { draft, shown, modal } = chat.state;
  const { say } = words.value;
  const field = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const uploads = chat.uploads.list.value;
  const uploading = uploads.some((upload) => !upload.stored && !upload.error);
  const isSendable = (text: string): boolean => !uploading && (text !== "" || uploads.some((upload) => upload.stored));

  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  }, [draft.value]);
  useSignalEffect(() => {
    // On a phone the keyboard would cover the conversation before it was read.
    if (shown.value && !modal.peek()) field.current?.focus({ preventScroll: true });
  });

  const send = (): void => {
    const text = draft.value.trim();
    if (!isSendable(text)) return;
    chat.outbox.add({ text, files: chat.uploads.take() });
    draft.value = "";
    chat.typing.stop();
    field.current?.focus({ preventScroll: true });
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Chips />
      {uploads.length >= MOST_FILES && <p class="hint">{say("files_most", { n: MOST_FILES })}</p>}
      <div class="composer-row">
        <button
          type="button"
          class="icon-button"
          aria-label={say("attach")}
          title={say("attach")}
          disabled={uploads.length >= MOST_FILES}
          onClick={() => picker.current?.click()}
        >
          <Icon name="attach" />
        </button>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          onChange={(event) => {
            chat.uploads.add([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = "";
            field.current?.focus({ preventScroll: true });
          }}
        />
        <textarea
          ref={field}
          rows={1}
          value={draft.value}
          placeholder={say("compose")}
          aria-label={say("compose")}
          enterkeyhint="send"
          onInput={(event) => {
            draft.value = event.currentTarget.value;
            if (draft.value) chat.typing.touch();
            else chat.typing.stop();
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            send();
          }}
          onPaste={(event) => {
            const files = [...(event.clipboardData?.files ?? [])];
            if (files.length === 0) return;
            event.preventDefault();
            chat.uploads.add(files);
          }}
        />
        <button type="submit" class="send" aria-label={say("send")} title={say("send")} disabled={!isSendable(draft.value.trim())}>
          <Icon name="send" />
        </button>
      </div>
    </form>
  );
}
