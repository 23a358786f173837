/** Which buttons the visitor has pressed. A bot asks with the same buttons again and again, so each message has its own. */
import type { Pending } from "../chat/state.ts";
import type { WidgetMessage } from "../wire.ts";

export type Pressed = Map<string, Set<string>>;

/** By message: the data of its buttons that were pressed. A press was of the last message before it that has such a button. */
export function pressedButtons(messages: WidgetMessage[], pending: Pending[]): Pressed {
  const pressed: Pressed = new Map();
  const press = (messageId: string, data: string): void => {
    pressed.set(messageId, (pressed.get(messageId) ?? new Set()).add(data));
  };
  messages.forEach(({ part }, index) => {
    if (part?.type !== "button_press") return;
    const asked = messages.slice(0, index).findLast((message) => hasReply(message, part.data));
    if (asked) press(asked.id, part.data);
  });
  for (const { button } of pending) if (button) press(button.message_id, button.data);
  return pressed;
}

function hasReply(message: WidgetMessage, data: string): boolean {
  return message.buttons.flat().some((button) => button.kind === "reply" && (button.data ?? button.text) === data);
}
