/** Files of a message: images and videos with their place reserved, players, documents. */
import type { Attachment } from "../wire.ts";
import { useScreen } from "./context.ts";
import { Icon } from "./icons.tsx";
import { Player } from "./player.tsx";

/** The largest a single picture gets, CSS pixels. */
const WIDEST = 248;
const TALLEST = 300;

/** The size a picture is drawn at: known before it loads, so that nothing moves when it does. */
function place(width: number | null, height: number | null): { width: string; aspectRatio: string } {
  if (!width || !height) return { width: `${WIDEST}px`, aspectRatio: "4 / 3" };
  const scale = Math.min(1, WIDEST / width, TALLEST / height);
  return { width: `${Math.max(64, Math.round(width * scale))}px`, aspectRatio: `${width} / ${height}` };
}

/** True for what is drawn as a picture of its own, without a bubble around it. */
export const isVisual = (file: Attachment): boolean => ["image", "animation", "video", "video_note", "sticker"].includes(file.kind);

function Document({ file }: { file: Attachment }) {
  const { words } = useScreen();
  const { say, size } = words.value;
  const state =
    file.state === "pending"
      ? say("file_pending")
      : file.state === "failed"
        ? (file.error ?? say("file_missing"))
        : file.size === null
          ? ""
          : size(file.size);
  const content = (
    <>
      <span class="doc-icon">
        <Icon name={file.state === "failed" ? "alert" : "file"} />
      </span>
      <span class="doc-text">
        <span class="doc-name">{file.name}</span>
        {state && <span class="doc-size">{state}</span>}
      </span>
    </>
  );
  if (!file.url || file.state !== "ready") return <span class="doc">{content}</span>;
  return (
    <a
      class="doc"
      href={file.url}
      download={file.name}
      target="_blank"
      rel="noopener noreferrer"
      aria-label={`${say("download", { name: file.name })}${state ? `, ${state}` : ""}`}
    >
      {content}
    </a>
  );
}

function Visual({ file, alone }: { file: Attachment; alone: boolean }) {
  const { words, openImage } = useScreen();
  const { say } = words.value;
  const { url, kind, name } = file;
  const style = alone ? place(file.width, file.height) : {};
  if (!url || file.state !== "ready") return <Document file={file} />;
  const moving = file.content_type.startsWith("video/");
  if (kind === "video")
    return <video class="visual" style={style} src={url} controls playsInline preload="metadata" aria-label={`${say("video")} ${name}`} />;
  if (kind === "video_note")
    return <video class="visual round" src={url} controls playsInline preload="metadata" aria-label={say("video")} />;
  if (moving)
    return (
      <video
        class="visual"
        style={style}
        src={url}
        autoPlay={!matchMedia("(prefers-reduced-motion: reduce)").matches}
        loop
        muted
        playsInline
        aria-label={name}
      />
    );
  if (kind === "sticker") return <img class="sticker" src={url} alt={say("sticker")} />;
  return (
    <button
      type="button"
      class={alone ? "visual" : "visual tile"}
      style={style}
      aria-label={say("image_open", { name })}
      onClick={() => (openImage.value = { url })}
    >
      <img src={url} alt="" loading="lazy" decoding="async" />
    </button>
  );
}

export function Attachments({ files }: { files: Attachment[] }) {
  const { words } = useScreen();
  const visuals = files.filter(isVisual);
  const sounds = files.filter((file) => file.kind === "voice" || file.kind === "audio");
  const documents = files.filter((file) => !isVisual(file) && !sounds.includes(file));
  return (
    <>
      {visuals.length > 0 && (
        <div class={visuals.length > 1 ? "visuals many" : "visuals"}>
          {visuals.map((file) => (
            <Visual key={file.id} file={file} alone={visuals.length === 1} />
          ))}
        </div>
      )}
      {sounds.map((file) =>
        file.url && file.state === "ready" ? (
          <div class="sound" key={file.id}>
            {file.kind === "audio" && <span class="sound-name">{file.name}</span>}
            <Player
              url={file.url}
              durationMs={file.duration_ms}
              label={file.kind === "voice" ? words.value.say("voice") : `${words.value.say("audio")} ${file.name}`}
            />
          </div>
        ) : (
          <Document key={file.id} file={file} />
        ),
      )}
      {documents.map((file) => (
        <Document key={file.id} file={file} />
      ))}
    </>
  );
}
