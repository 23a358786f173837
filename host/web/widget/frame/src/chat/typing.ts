/** Typing, both ways. Milliseconds. */
import type { Signal } from "@preact/signals";

/** The host is told at most this often that the visitor still writes. */
const REPEAT = 3000;
/** Without a new letter for this long, the visitor has stopped. */
const IDLE = 5000;
/** An operator's typing ends by itself after this. */
const EXPIRY = 6000;

export class VisitorTyping {
  private toldAt = 0;
  private stopTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly tell: (on: boolean) => void) {}

  /** A letter was written. */
  touch(): void {
    const now = Date.now();
    if (now - this.toldAt >= REPEAT) {
      this.toldAt = now;
      this.tell(true);
    }
    clearTimeout(this.stopTimer);
    this.stopTimer = setTimeout(() => this.stop(), IDLE);
  }

  /** The message was sent or the field emptied. */
  stop(): void {
    clearTimeout(this.stopTimer);
    if (this.toldAt === 0) return;
    this.toldAt = 0;
    this.tell(false);
  }
}

export class OperatorTyping {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly typist: Signal<string | null>) {}

  hear(on: boolean, name: string): void {
    clearTimeout(this.timer);
    this.typist.value = on ? name : null;
    if (on) this.timer = setTimeout(() => (this.typist.value = null), EXPIRY);
  }
}
