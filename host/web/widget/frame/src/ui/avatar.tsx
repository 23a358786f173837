/** A speaker's picture: the operator's own if it lies on this host, else initials; a mark of its own for a bot. */
import { Icon } from "./icons.tsx";

function initials(name: string): string {
  const parts = name.trim().split(/\s+/);
  return [parts[0], parts.length > 1 ? parts.at(-1) : ""]
    .map((part) => Array.from(part ?? "")[0] ?? "")
    .join("")
    .toUpperCase();
}

/** The frame's CSP allows pictures from this host alone; another address would only make an error. */
function ownAddress(url: string | null): string | null {
  try {
    return url && new URL(url, location.href).origin === location.origin ? url : null;
  } catch {
    return null;
  }
}

export function Avatar({ name, url, bot, size }: { name: string | null; url: string | null; bot?: boolean; size: number }) {
  const picture = ownAddress(url);
  return (
    <span class="avatar" style={{ width: `${size}px`, height: `${size}px`, fontSize: `${Math.round(size * 0.38)}px` }} aria-hidden="true">
      {picture ? (
        <img src={picture} alt="" />
      ) : bot ? (
        <Icon name="bot" size={Math.round(size * 0.6)} />
      ) : name ? (
        initials(name)
      ) : (
        <Icon name="chat" size={Math.round(size * 0.55)} />
      )}
    </span>
  );
}
