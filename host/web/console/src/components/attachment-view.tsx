import type { Attachment } from "@omnichat/api-client/types";
import { IconAlertTriangle, IconDownload, IconFile, IconLoader2, IconPlayerPlay } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { fileSize } from "~/lib/size.ts";
import classes from "./attachment-view.module.css";
import { AudioPlayer } from "./audio-player.tsx";

/** What a browser draws as a picture: some animations and stickers are films, some stickers are neither. */
export function isPicture({ kind, content_type }: Attachment): boolean {
  return kind === "image" || ((kind === "animation" || kind === "sticker") && content_type.startsWith("image/"));
}

/** Something to look at that has come. */
export function isDrawn(attachment: Attachment): boolean {
  const { state, url, content_type } = attachment;
  return state === "ready" && url !== null && (isPicture(attachment) || content_type.startsWith("video/"));
}

interface Props {
  attachments: Attachment[];
  onOpen: (attachment: Attachment) => void;
  /** Asks the platform again for a file that could not be fetched. */
  onFetchAgain?: ((attachment: Attachment) => void) | undefined;
}

/** Pictures as a grid, everything else one below the other; each has its place before it has loaded. */
export function AttachmentList({ attachments, onOpen, onFetchAgain }: Props) {
  const grid = attachments.filter((a) => isPicture(a) && a.state === "ready" && a.url !== null);
  const rest = attachments.filter((a) => !grid.includes(a));
  return (
    <>
      {grid.length === 0 ? null : (
        <div className={classes.grid} data-count={Math.min(grid.length, 4)}>
          {grid.map((attachment) => (
            <Picture key={attachment.id} attachment={attachment} single={grid.length === 1} onOpen={onOpen} />
          ))}
        </div>
      )}
      {rest.map((attachment) => (
        <Single key={attachment.id} attachment={attachment} onFetchAgain={onFetchAgain} />
      ))}
    </>
  );
}

function Picture({ attachment: a, single, onOpen }: { attachment: Attachment; single: boolean; onOpen: Props["onOpen"] }) {
  const { t } = useTranslation();
  const width = a.width ?? 320;
  const height = a.height ?? 240;
  const bound = a.kind === "sticker" ? 160 : 320;
  const scale = Math.min(1, bound / width, bound / height);
  const style = single
    ? { width: Math.max(64, Math.round(width * scale)), aspectRatio: `${width} / ${height}` }
    : undefined;
  return (
    <button
      type="button"
      className={classes.picture}
      style={style}
      aria-label={t("message.open_image", { name: a.name })}
      onClick={() => onOpen(a)}
    >
      <img src={a.url ?? ""} alt={a.name} loading="lazy" decoding="async" />
    </button>
  );
}

function Single({ attachment: a, onFetchAgain }: { attachment: Attachment; onFetchAgain: Props["onFetchAgain"] }) {
  const { t } = useTranslation();
  if (a.state === "pending") {
    return (
      <div className={classes.file}>
        <IconLoader2 size={20} stroke={1.7} className={classes.spin} aria-hidden="true" />
        <FileText attachment={a} detail={t("message.file_pending")} />
      </div>
    );
  }
  if (a.state === "failed" || a.url === null) {
    return (
      <div className={classes.file} data-failed="true">
        <IconAlertTriangle size={20} stroke={1.7} aria-hidden="true" />
        <FileText attachment={a} detail={t("message.file_failed")} reason={a.error ?? undefined} />
        {a.can_fetch_again && onFetchAgain !== undefined ? (
          <button type="button" className={classes.again} onClick={() => onFetchAgain(a)}>
            {t("message.fetch_again")}
          </button>
        ) : null}
      </div>
    );
  }
  if (a.kind === "voice" || a.kind === "audio") {
    return <AudioPlayer url={a.url} name={a.kind === "voice" ? t("message.kind.voice") : a.name} durationMs={a.duration_ms} />;
  }
  const film = a.kind === "video" || a.kind === "video_note" || a.kind === "animation";
  if (film || (a.kind === "sticker" && isDrawn(a))) return <Video attachment={a} url={a.url} />;
  return (
    <a className={classes.file} href={`${a.url}${a.url.includes("?") ? "&" : "?"}download=1`} download={a.name}>
      <IconFile size={20} stroke={1.7} aria-hidden="true" />
      <FileText attachment={a} detail={a.size === null ? "" : fileSize(a.size)} />
      <IconDownload size={18} stroke={1.7} className={classes.download} aria-label={t("message.download")} />
    </a>
  );
}

function FileText({ attachment, detail, reason }: { attachment: Attachment; detail: string; reason?: string | undefined }) {
  return (
    <span className={classes.fileText}>
      <span className={classes.fileName} title={attachment.name}>
        {attachment.name}
      </span>
      <span className={classes.fileDetail}>{detail}</span>
      {reason === undefined ? null : (
        // As the platform or the host said it, which is in English.
        <span className={classes.fileDetail} lang="en">
          {reason}
        </span>
      )}
    </span>
  );
}

function Video({ attachment: a, url }: { attachment: Attachment; url: string }) {
  const width = a.width ?? 16;
  const height = a.height ?? 9;
  const round = a.kind === "video_note";
  const bound = a.kind === "sticker" ? 160 : 340;
  const moves = a.kind === "animation" || a.kind === "sticker";
  return (
    <div
      className={classes.video}
      data-round={round}
      style={{ aspectRatio: round ? "1" : `${width} / ${height}`, width: round ? 220 : Math.min(bound, (bound * width) / height) }}
    >
      <IconPlayerPlay size={28} stroke={1.5} className={classes.videoSign} aria-hidden="true" />
      <video
        src={url}
        controls={!moves}
        autoPlay={moves}
        loop={moves}
        muted={moves}
        playsInline
        preload="metadata"
        aria-label={a.name}
      />
    </div>
  );
}
