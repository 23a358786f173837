/** Tells the other tabs of this browser that somebody signed in or out. */
type Word = "signed_in" | "signed_out";

const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("omnichat.session");

export function announceSession(word: Word): void {
  channel?.postMessage(word);
}

export function onSessionAnnounced(listener: (word: Word) => void): () => void {
  const onMessage = (event: MessageEvent<Word>) => listener(event.data);
  channel?.addEventListener("message", onMessage);
  return () => channel?.removeEventListener("message", onMessage);
}
