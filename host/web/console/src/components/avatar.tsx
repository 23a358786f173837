import { IconApi, IconBrandTelegram, IconFlask, IconMail, IconMessage, IconMessageCircle, IconPhone } from "@tabler/icons-react";
import classes from "./avatar.module.css";

/** First letters of the first two words, or a sign when the name has none. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter((w) => /[\p{L}\p{N}]/u.test(w));
  const letters = words.slice(0, 2).map((w) => Array.from(w.replace(/^[^\p{L}\p{N}]+/u, ""))[0] ?? "");
  return letters.join("").toUpperCase() || "·";
}

function tone(id: string): number {
  let sum = 0;
  for (const char of id) sum = (sum * 31 + char.charCodeAt(0)) % 9973;
  return (sum % 6) + 1;
}

interface AvatarProps {
  id: string;
  name: string;
  url?: string | null | undefined;
  size?: number;
  /** Shows the channel at the corner. */
  channel?: string | undefined;
  /** Shows the presence at the corner. */
  status?: "online" | "break" | "offline" | undefined;
}

export function Avatar({ id, name, url, size = 36, channel, status }: AvatarProps) {
  return (
    <span className={classes.root} style={{ width: size, height: size }} aria-hidden="true">
      <span
        className={classes.face}
        style={{ background: `var(--avatar-${tone(id)})`, fontSize: size * 0.36 }}
      >
        {initials(name)}
        {url ? <img className={classes.photo} src={url} alt="" /> : null}
      </span>
      {channel === undefined ? null : (
        <span className={classes.corner}>
          <ChannelGlyph kind={channel} size={Math.max(14, size * 0.42)} />
        </span>
      )}
      {status === undefined ? null : <span className={classes.status} data-status={status} />}
    </span>
  );
}

const glyphs: Record<string, typeof IconMessage> = {
  widget: IconMessageCircle,
  telegram: IconBrandTelegram,
  api: IconApi,
  sandbox: IconFlask,
  email: IconMail,
  phone: IconPhone,
};

/** Those with a colour of their own. */
const coloured: ReadonlySet<string> = new Set(["widget", "telegram", "api", "sandbox"]);

/** The channel's sign in its own colour; brand colours appear nowhere else. */
export function ChannelGlyph({ kind, size = 18 }: { kind: string; size?: number }) {
  const Icon = glyphs[kind] ?? IconMessage;
  const known = coloured.has(kind) ? kind : "api";
  return (
    <span
      className={classes.glyph}
      style={{ width: size, height: size, background: `var(--channel-${known})` }}
      aria-hidden="true"
    >
      <Icon size={size * 0.7} stroke={2} />
    </span>
  );
}
