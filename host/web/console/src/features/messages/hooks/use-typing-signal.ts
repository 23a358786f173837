import { useEffect, useRef } from "react";
import { announceTyping } from "~/realtime/connection.ts";

const repeatMs = 3000;

/** Tells the customer's side that an answer is being typed, not more often than needed. */
export function useTypingSignal(conversationId: string, enabled: boolean) {
  const last = useRef(0);
  useEffect(
    () => () => {
      if (last.current !== 0) announceTyping(conversationId, false);
      last.current = 0;
    },
    [conversationId],
  );
  return {
    typed: () => {
      const now = Date.now();
      if (!enabled || now - last.current < repeatMs) return;
      last.current = now;
      announceTyping(conversationId, true);
    },
    stopped: () => {
      if (last.current === 0) return;
      last.current = 0;
      announceTyping(conversationId, false);
    },
  };
}
