import type { Message } from "@omnichat/api-client/types";
import { useState } from "react";

/**
 * Where the unread part began when the conversation was opened. It stays there while one reads, although
 * the messages count as read by then.
 */
export function useUnreadLine(messages: Message[], unreadAtOpening: number, loaded: boolean): string | null {
  const [line, setLine] = useState<{ decided: boolean; id: string | null }>({ decided: false, id: null });
  if (!line.decided && loaded) setLine({ decided: true, id: firstUnread(messages, unreadAtOpening) });
  return line.id;
}

/** The message before which the line stands: the first of the last `unread` incoming ones. */
export function firstUnread(messages: Message[], unread: number): string | null {
  if (unread <= 0) return null;
  const incoming = messages.filter((m) => m.direction === "in");
  return incoming.at(-Math.min(unread, incoming.length))?.id ?? null;
}
