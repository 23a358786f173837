/** Takes the host's live frames into the state. */
import type { FromHost, WidgetMessage } from "../wire.ts";
import { mergeMessages } from "./messages.ts";
import type { ChatState } from "./state.ts";
import { countFromHost, countMessage } from "./unread.ts";

export interface Effects {
  typing(on: boolean, name: string): void;
  /** Too much was missed: everything has to be fetched anew. */
  resync(): void;
  /** A message that was not known before. */
  arrived(message: WidgetMessage): void;
  /** The event before this cursor is included in the state. */
  seen(cursor: string): void;
}

/** Adds or updates one message. */
export function takeMessage(state: ChatState, message: WidgetMessage, effects: Pick<Effects, "arrived" | "typing">): void {
  const held = state.messages.value;
  const known = held.some((other) => other.id === message.id);
  const first = held[0];
  // An update of a message older than what is loaded comes with its page when that is asked for.
  if (!known && first && state.older.value !== null && message.position < first.position) return;
  state.messages.value = mergeMessages(held, [message]);
  if (known) return;
  if (message.from === "operator" || message.from === "bot") {
    effects.typing(false, "");
    state.tally.value = countMessage(state.tally.value);
  }
  effects.arrived(message);
}

export function takeFrame(state: ChatState, frame: FromHost, effects: Effects): void {
  switch (frame.type) {
    case "hello":
    case "online":
      state.online.value = frame.online;
      break;
    case "typing":
      effects.typing(frame.on, frame.name);
      break;
    case "resync":
      effects.resync();
      break;
    case "event": {
      const { event } = frame;
      if (event.type === "conversation_updated") {
        state.conversation.value = event.conversation;
        state.tally.value = countFromHost(state.tally.value, event.conversation.unread);
        if (event.conversation.status !== "closed") state.fresh.value = false;
      } else if (event.type === "message_created" || event.type === "message_updated") {
        takeMessage(state, event.message, effects);
      }
      effects.seen(frame.cursor);
    }
  }
}
