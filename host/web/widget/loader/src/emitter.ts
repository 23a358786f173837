/** Listeners of a site: `omni("on", event, fn)` and `omni("off", event, fn)`. */

export type EventName = "ready" | "open" | "close" | "message" | "unread";
export type Listener = (payload?: unknown) => void;

export interface Emitter {
  on(event: string, listener: Listener): void;
  /** Without a listener, forgets all listeners of the event. */
  off(event: string, listener?: Listener): void;
  emit(event: EventName, payload?: unknown): void;
}

export function createEmitter(): Emitter {
  let held: [event: string, listener: Listener][] = [];
  return {
    on: (event, listener) => void held.push([event, listener]),
    off: (event, listener) => void (held = held.filter(([name, heard]) => name !== event || (listener && heard !== listener))),
    emit: (event, payload) => {
      // One after another outside of this call: a listener that throws neither silences the others nor breaks the widget.
      for (const [name, listener] of held) if (name === event) queueMicrotask(() => listener(payload));
    },
  };
}
