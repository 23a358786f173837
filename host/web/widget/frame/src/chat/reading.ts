/** Tells the host that the visitor has read everything, when the visitor has. */
import { effect, signal, type Signal } from "@preact/signals";
import type { Api } from "../http/api.ts";
import type { Session } from "./session.ts";
import type { ChatState } from "./state.ts";
import type { Drawer } from "./storage.ts";
import { NOTHING_UNREAD, unreadOf } from "./unread.ts";

const READ = "read";
/** A glance counts as reading after this many milliseconds. */
const GLANCE = 400;
/** Milliseconds before the host is told again when it could not be. */
const RETRY = 5000;

export class Reading {
  /** Something came that the host does not know to be read. */
  private readonly owed: Signal<boolean> = signal(false);
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly state: ChatState,
    private readonly session: Session,
    private readonly api: Api,
    private readonly drawer: Drawer,
  ) {
    effect(() => {
      clearTimeout(this.timer);
      if (state.looking.value && (this.owed.value || unreadOf(state.tally.value) > 0))
        this.timer = setTimeout(() => void this.tell(), GLANCE);
    });
  }

  /** A message that the visitor should see has come. */
  owe(): void {
    this.owed.value = true;
  }

  /** Another tab showed everything to the visitor. */
  readElsewhere(): void {
    this.owed.value = false;
    this.state.tally.value = NOTHING_UNREAD;
  }

  private async tell(): Promise<void> {
    this.readElsewhere();
    this.drawer.set(READ, String(Date.now()));
    try {
      await this.session.withToken((token) => this.api.read(token));
    } catch {
      // Still owed, and told a little later.
      setTimeout(() => this.owe(), RETRY);
    }
  }
}
