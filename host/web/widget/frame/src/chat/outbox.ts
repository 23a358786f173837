/**
 * What the visitor wrote and the host has not confirmed. Each entry is kept in storage under its client key until it is, so a
 * reload, a closed tab or a lost network loses nothing; the host drops repeats of a key, so nothing arrives twice.
 */
import type { Api } from "../http/api.ts";
import { Problem } from "../http/problem.ts";
import { delayBefore } from "../live/backoff.ts";
import type { StoredFile, WidgetMessage } from "../wire.ts";
import { newKey } from "./keys.ts";
import { alone } from "./locks.ts";
import { storedKeys } from "./messages.ts";
import type { Session } from "./session.ts";
import type { ChatState, Pending } from "./state.ts";
import type { Drawer } from "./storage.ts";

const PREFIX = "out:";

export interface OutboxSettings {
  inbox: string;
  api: Api;
  state: ChatState;
  session: Session;
  drawer: Drawer;
  /** The host has stored a message. */
  stored: (message: WidgetMessage) => void;
}

export interface Draft {
  text: string;
  files?: StoredFile[];
  button?: Pending["button"];
  contact?: Pending["contact"];
}

export class Outbox {
  private flushing: Promise<void> | null = null;
  private again = false;
  private attempt = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly settings: OutboxSettings) {
    this.load();
  }

  /** Takes what is in storage: at the start, and when another tab changed it. */
  load(): void {
    const { drawer, state } = this.settings;
    const working = new Set(state.pending.value.filter((entry) => entry.state === "sending").map((entry) => entry.client_key));
    const entries = drawer.keys(PREFIX).flatMap((key) => {
      try {
        const entry = JSON.parse(drawer.get(key) ?? "") as Pending;
        return [working.has(entry.client_key) ? { ...entry, state: "sending" as const } : entry];
      } catch {
        drawer.remove(key);
        return [];
      }
    });
    state.pending.value = entries.sort((a, b) => a.created_at.localeCompare(b.created_at) || a.client_key.localeCompare(b.client_key));
  }

  /** Shows the message at once and sends it as soon as that is possible. */
  add(draft: Draft): void {
    const entry: Pending = {
      client_key: newKey(),
      text: draft.text,
      files: draft.files ?? [],
      button: draft.button ?? null,
      contact: draft.contact ?? null,
      created_at: new Date().toISOString(),
      state: "queued",
      failure: null,
    };
    this.keep(entry);
    this.settings.state.pending.value = [...this.settings.state.pending.value, entry];
    void this.flush();
  }

  /** Sends a refused entry once more, under the same key. */
  resend(key: string): void {
    this.change(key, { state: "queued", failure: null });
    this.hurry();
  }

  /** Gives an entry up. */
  discard(key: string): void {
    const { drawer, state } = this.settings;
    drawer.remove(PREFIX + key);
    state.pending.value = state.pending.value.filter((entry) => entry.client_key !== key);
  }

  /** Drops the entries that have arrived, whichever way that became known. */
  settle(messages: WidgetMessage[]): void {
    if (this.settings.state.pending.value.length === 0) return;
    const arrived = storedKeys(messages);
    for (const entry of this.settings.state.pending.value) if (arrived.has(entry.client_key)) this.discard(entry.client_key);
  }

  /** Tries now instead of waiting for the next turn. */
  hurry(): void {
    clearTimeout(this.retry);
    this.attempt = 0;
    void this.flush();
  }

  /** Sends everything queued, in order, one tab at a time. */
  flush(): Promise<void> {
    if (this.flushing) {
      this.again = true;
      return this.flushing;
    }
    this.flushing = alone(`omnichat:${this.settings.inbox}:outbox`, () => this.work()).finally(() => {
      this.flushing = null;
      if (!this.again) return;
      this.again = false;
      void this.flush();
    });
    return this.flushing;
  }

  private async work(): Promise<void> {
    const { state, drawer } = this.settings;
    for (;;) {
      const entry = state.pending.value.find((held) => held.state === "queued");
      // Whether there is a form to fill in first is told by the configuration; what the page sent meanwhile waits for the form.
      if (!entry || !state.config.value || (state.stage.value === "prechat" && !entry.contact)) return;
      if (drawer.get(PREFIX + entry.client_key) === null) {
        // Another tab has sent or discarded it.
        this.discard(entry.client_key);
        continue;
      }
      this.change(entry.client_key, { state: "sending" });
      try {
        this.settings.stored(await this.post(entry));
        this.discard(entry.client_key);
        this.attempt = 0;
      } catch (error) {
        const problem = error instanceof Problem ? error : new Problem("internal", 500, String(error));
        const failure = { code: problem.code, detail: problem.detail, request_id: problem.requestId };
        this.change(entry.client_key, { state: problem.passing ? "queued" : "refused", failure });
        if (!problem.passing) continue;
        this.retry = setTimeout(() => void this.flush(), Math.max(problem.retryAfterMs ?? 0, delayBefore(this.attempt++)));
        return;
      }
    }
  }

  private post(entry: Pending): Promise<WidgetMessage> {
    const { api, session } = this.settings;
    const { client_key, text, files, button, contact } = entry;
    return session.withToken((token) =>
      contact
        ? api.offline(token, { client_key, text, ...contact })
        : api.send(token, {
            client_key,
            text,
            ...(files.length > 0 ? { file_ids: files.map((file) => file.id) } : {}),
            ...(button ? { button } : {}),
          }),
    );
  }

  private change(key: string, part: Partial<Pending>): void {
    const { state } = this.settings;
    state.pending.value = state.pending.value.map((entry) => {
      if (entry.client_key !== key) return entry;
      const next = { ...entry, ...part };
      this.keep(next);
      return next;
    });
  }

  /** `sending` is true of this tab only, so storage says `queued`. */
  private keep(entry: Pending): void {
    this.settings.drawer.set(
      PREFIX + entry.client_key,
      JSON.stringify({ ...entry, state: entry.state === "sending" ? "queued" : entry.state }),
    );
  }
}
