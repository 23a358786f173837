/**
 * The unread count. The host's own count comes with `conversation_updated`, the message that raised it with `message_created`;
 * either may come first and the former may be absent, so each message is counted by whichever tells of it first.
 */
export interface Tally {
  /** The host's last count. */
  host: number;
  /** Messages seen here that the host's count does not include yet. */
  ahead: number;
  /** Messages that the host's count includes and that have not come yet. */
  due: number;
}

export const NOTHING_UNREAD: Tally = { host: 0, ahead: 0, due: 0 };

export const unreadOf = (tally: Tally): number => tally.host + tally.ahead;

export function countMessage(tally: Tally): Tally {
  return tally.due > 0 ? { ...tally, due: tally.due - 1 } : { ...tally, ahead: tally.ahead + 1 };
}

export function countFromHost(tally: Tally, host: number): Tally {
  const more = host - tally.host;
  if (more <= 0) return { host, ahead: host === 0 ? 0 : tally.ahead, due: 0 };
  const matched = Math.min(more, tally.ahead);
  return { host, ahead: tally.ahead - matched, due: tally.due + more - matched };
}
