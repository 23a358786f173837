/** Files above the field: how far each is, what went wrong, and a way to take it off. */
import type { Upload } from "../chat/uploads.ts";
import type { Words } from "../locales/words.ts";
import { useScreen } from "./context.ts";
import { Icon } from "./icons.tsx";

function reason(upload: Upload, words: Words, limit: number): string {
  switch (upload.error) {
    case "too_large":
      return words.say("file_too_large", { size: words.size(limit) });
    case "empty":
      return words.say("file_empty");
    case "unsupported":
      return words.say("file_unsupported");
    default:
      return words.say("file_failed");
  }
}

export function Chips() {
  const { chat, words } = useScreen();
  const { say, size, percent } = words.value;
  const uploads = chat.uploads.list.value;
  if (uploads.length === 0) return null;
  const limit = chat.state.config.value?.max_file_bytes ?? 0;
  return (
    <ul class="chips">
      {uploads.map((upload) => {
        const { key, file, preview, progress, error, stored } = upload;
        const again = error && !["too_large", "empty", "unsupported"].includes(error);
        return (
          <li key={key} class={error ? "chip bad" : "chip"}>
            {preview ? <img src={preview} alt="" /> : <Icon name={error ? "alert" : "file"} />}
            <span class="chip-text">
              <span class="chip-name">{file.name}</span>
              <span class="chip-state" role={error ? "alert" : undefined}>
                {error ? reason(upload, words.value, limit) : stored ? size(file.size) : percent(progress)}
              </span>
            </span>
            {again && (
              <button
                type="button"
                class="icon-button small"
                aria-label={say("file_retry", { name: file.name })}
                onClick={() => chat.uploads.retry(key)}
              >
                <Icon name="retry" size={16} />
              </button>
            )}
            <button
              type="button"
              class="icon-button small"
              aria-label={say("file_remove", { name: file.name })}
              onClick={() => chat.uploads.remove(key)}
            >
              <Icon name="close" size={16} />
            </button>
            {!error && !stored && (
              <progress value={progress} max={1} aria-label={say("file_uploading", { name: file.name, percent: percent(progress) })} />
            )}
          </li>
        );
      })}
    </ul>
  );
}
