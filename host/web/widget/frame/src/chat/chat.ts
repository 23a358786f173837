/** The chat: puts the rooms of this folder together and offers what the screen and the bridge can ask for. */
import { batch, effect } from "@preact/signals";
import type { Identity, MessageNotice, Options, PageInfo } from "../../../bridge.ts";
import { createApi, type Api } from "../http/api.ts";
import { Problem } from "../http/problem.ts";
import { delayBefore } from "../live/backoff.ts";
import { LiveSocket } from "../live/socket.ts";
import type { WidgetMessage } from "../wire.ts";
import { takeFrame, takeMessage, type Effects } from "./events.ts";
import { mergeMessages } from "./messages.ts";
import { Outbox } from "./outbox.ts";
import { Reading } from "./reading.ts";
import { Session } from "./session.ts";
import { createState, type ChatState } from "./state.ts";
import type { Drawer } from "./storage.ts";
import { OperatorTyping, VisitorTyping } from "./typing.ts";
import { Uploads } from "./uploads.ts";

export interface ChatSettings {
  origin: string;
  inbox: string;
  drawer: Drawer;
  locale: () => string;
  /** A message came while the chat runs. */
  notice: (message: MessageNotice) => void;
}

/** Milliseconds without a connection before the visitor is told. */
const LOST_AFTER = 3000;
const DRAFT = "draft";
const PRECHAT = "prechat";

export class Chat {
  readonly state: ChatState = createState();
  readonly outbox: Outbox;
  readonly uploads: Uploads;
  readonly typing: VisitorTyping;
  private readonly api: Api;
  private readonly session: Session;
  private readonly socket: LiveSocket;
  private readonly reading: Reading;
  private readonly effects: Effects;
  private lostTimer: ReturnType<typeof setTimeout> | undefined;
  private configTimer: ReturnType<typeof setTimeout> | undefined;
  private ended = false;

  constructor(private readonly settings: ChatSettings) {
    const { origin, inbox, drawer, locale } = settings;
    const { state } = this;
    const operatorTyping = new OperatorTyping(state.typist);
    this.api = createApi(origin, inbox);
    const { api } = this;
    this.session = new Session({ inbox, api, state, drawer, locale, started: (renewed) => this.connected(renewed) });
    this.uploads = new Uploads(api, this.session, () => state.config.value?.max_file_bytes ?? Infinity);
    this.effects = {
      typing: (on, name) => operatorTyping.hear(on, name),
      resync: () => this.session.begin(),
      seen: (cursor) => (this.session.cursor = cursor),
      arrived: (message) => this.arrived(message),
    };
    this.outbox = new Outbox({
      inbox,
      api,
      state,
      session: this.session,
      drawer,
      stored: (message) => takeMessage(state, message, this.effects),
    });
    this.reading = new Reading(state, this.session, api, drawer);
    this.socket = new LiveSocket({
      url: api.socketUrl(),
      hello: () => ({ token: this.session.current ?? "", after: this.session.cursor }),
      receive: (frame) => takeFrame(state, frame, this.effects),
      changed: (up) => this.linkChanged(up === "up"),
      refused: () => this.session.begin(),
    });
    this.typing = new VisitorTyping((on) => this.socket.send({ type: "typing", on }));
    state.draft.value = drawer.get(DRAFT) ?? "";
    state.prechatDone.value = drawer.get(PRECHAT) !== null;
    this.watch();
  }

  /** Fetches the configuration, and the history of a visitor who was here before. */
  start(attempt = 0): void {
    const { state } = this;
    clearTimeout(this.configTimer);
    this.api.config().then(
      (config) => {
        if (this.ended) return;
        if (!state.started.value) state.online.value = config.online;
        state.failure.value = null;
        state.config.value = config;
        if (state.returning.value || state.shown.value) this.session.begin();
        this.outbox.hurry();
      },
      (error: unknown) => {
        const problem = error instanceof Problem ? error : new Problem("internal", 0, String(error));
        state.failure.value = problem;
        if (problem.passing)
          this.configTimer = setTimeout(() => this.start(attempt + 1), Math.max(problem.retryAfterMs ?? 0, delayBefore(attempt)));
      },
    );
  }

  /** Tries again what is shown as failed. */
  retry(): void {
    if (this.state.config.value) this.session.begin();
    else this.start();
  }

  show(modal: boolean, page: PageInfo): void {
    const { state } = this;
    state.page.value = page;
    state.modal.value = modal;
    state.shown.value = true;
    if (state.config.value && !state.started.value) this.session.begin();
    this.socket.hurry();
  }

  hide(): void {
    this.state.shown.value = false;
  }

  /** The site says who the visitor is. */
  identify(visitor: Identity): void {
    const { state } = this;
    state.identity.value = { ...state.identity.value, ...visitor };
    // A running session is told at once; one that is yet to start takes it along.
    if (state.started.value) this.session.begin();
  }

  set(options: Options): void {
    this.state.options.value = { ...this.state.options.value, ...options };
  }

  /** The visitor answered the first form. */
  introduce(visitor: Identity): void {
    this.settings.drawer.set(PRECHAT, "1");
    this.state.identity.value = { ...this.state.identity.value, ...visitor };
    this.state.prechatDone.value = true;
    this.session.begin();
    this.outbox.hurry();
  }

  /** Fetches the page of messages before the first that is loaded. */
  async loadOlder(): Promise<void> {
    const { state } = this;
    const before = state.older.value;
    if (before === null || state.fetchingOlder.value === "yes") return;
    state.fetchingOlder.value = "yes";
    try {
      const page = await this.session.withToken((token) => this.api.older(token, before));
      // A fresh start in between has put another page in place.
      if (state.older.value !== before) return;
      state.messages.value = mergeMessages(state.messages.value, page.items);
      state.older.value = page.older;
      state.fetchingOlder.value = "no";
    } catch {
      state.fetchingOlder.value = "failed";
    }
  }

  /** Forgets the visitor and falls silent. */
  shutdown(): void {
    this.ended = true;
    clearTimeout(this.configTimer);
    this.forget();
    this.settings.drawer.wipe();
  }

  /** Back to somebody unknown: here, or in another tab that shares the storage. */
  private forget(): void {
    const { state } = this;
    this.socket.stop();
    this.session.end();
    clearTimeout(this.lostTimer);
    this.lostTimer = undefined;
    batch(() => {
      state.identity.value = {};
      state.pending.value = [];
      state.draft.value = "";
      state.prechatDone.value = false;
      state.answerTo.value = null;
      state.lost.value = false;
      state.online.value = state.config.value?.online ?? true;
    });
    // An open chat is at the service of whoever sits there now.
    if (!this.ended && state.shown.value) this.session.begin();
  }

  private watch(): void {
    const { state, settings } = this;
    effect(() => {
      const draft = state.draft.value;
      if (this.ended) return;
      if (draft) settings.drawer.set(DRAFT, draft);
      else settings.drawer.remove(DRAFT);
    });
    effect(() => this.outbox.settle(state.messages.value));
    settings.drawer.watch((key, value) => {
      if (this.ended) return;
      if (key === "token") {
        if (value === null) this.forget();
        else this.session.follow(value);
      }
      if (key === "read") this.reading.readElsewhere();
      if (key.startsWith("out:")) this.outbox.load();
    });
    addEventListener("online", () => this.revive());
    const front = (): void => {
      state.inFront.value = document.visibilityState === "visible";
      if (state.inFront.value) this.socket.hurry();
    };
    front();
    document.addEventListener("visibilitychange", front);
  }

  private revive(): void {
    this.socket.hurry();
    this.outbox.hurry();
    this.uploads.retryLost();
  }

  private connected(renewed: boolean): void {
    if (renewed) this.socket.restart();
    else this.socket.start();
    this.outbox.hurry();
  }

  private linkChanged(up: boolean): void {
    if (up) {
      clearTimeout(this.lostTimer);
      this.lostTimer = undefined;
      this.state.lost.value = false;
      this.outbox.hurry();
      this.uploads.retryLost();
    } else {
      // Counted from the first loss: attempts that fail in between do not begin it anew.
      this.lostTimer ??= setTimeout(() => (this.state.lost.value = true), LOST_AFTER);
    }
  }

  private arrived(message: WidgetMessage): void {
    if (message.from === "system") return;
    if (message.from !== "visitor") this.reading.owe();
    const { id, from, text, created_at } = message;
    this.settings.notice({ id, from, text, created_at });
  }
}
