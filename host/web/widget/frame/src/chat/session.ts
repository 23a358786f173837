/** The visitor's session: made when the visitor first needs one, taken up again on the next visit, shared by the tabs of one browser. */
import { batch } from "@preact/signals";
import type { Identity } from "../../../bridge.ts";
import type { Api } from "../http/api.ts";
import { Problem } from "../http/problem.ts";
import { delayBefore } from "../live/backoff.ts";
import type { WidgetSession } from "../wire.ts";
import { alone } from "./locks.ts";
import { replaceMessages } from "./messages.ts";
import type { ChatState } from "./state.ts";
import type { Drawer } from "./storage.ts";
import { countFromHost, NOTHING_UNREAD } from "./unread.ts";

const TOKEN = "token";

export interface SessionSettings {
  inbox: string;
  api: Api;
  state: ChatState;
  drawer: Drawer;
  locale: () => string;
  /** A session answered; `renewed` when its token is another one than before. */
  started: (renewed: boolean) => void;
}

export class Session {
  /** Where the live connection goes on: after the last event that is included in the state. */
  cursor: string | null = null;
  private token: string | null = null;
  /** A token of another tab is used, not stored again: a host that renews tokens would keep two tabs following each other. */
  private following = false;
  private starting: Promise<string> | null = null;
  /** What was known of the visitor when the session under way was asked for, and when the token was made. */
  private asked: Identity | null = null;
  private told: Identity | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly settings: SessionSettings) {
    settings.state.returning.value = this.stored !== null;
  }

  /** The token of a session that is running; null before the first. */
  get current(): string | null {
    return this.token;
  }

  private get stored(): string | null {
    return this.settings.drawer.get(TOKEN);
  }

  /** A token that works and knows what was told of the visitor, starting a session when there is none. Throws `Problem`. */
  async ensure(): Promise<string> {
    const isTold = this.told === this.settings.state.identity.value;
    return this.token !== null && isTold ? this.token : this.start();
  }

  /** Starts or refreshes the session and takes over what the host answers. Throws `Problem`. */
  start(): Promise<string> {
    const identity = this.settings.state.identity.value;
    const before = this.starting;
    // One that is under way knows nothing of what was told since.
    if (before === null || this.asked !== identity) {
      const ask = () => alone(`omnichat:${this.settings.inbox}:session`, () => this.ask());
      const started = (before === null ? ask() : before.then(ask, ask)).finally(() => {
        if (this.starting === started) this.starting = null;
      });
      this.asked = identity;
      this.starting = started;
      return started;
    }
    return before;
  }

  /** Starts the session, again and again while the host cannot be reached; a lasting refusal is left in `state.failure`. */
  begin(attempt = 0): void {
    clearTimeout(this.retry);
    this.start().catch((error: unknown) => {
      const problem = error instanceof Problem ? error : new Problem("internal", 0, String(error));
      this.settings.state.failure.value = problem;
      if (problem.passing)
        this.retry = setTimeout(() => this.begin(attempt + 1), Math.max(problem.retryAfterMs ?? 0, delayBefore(attempt)));
    });
  }

  /** Runs a call with the token; a token that the host no longer takes is renewed once. Throws `Problem`. */
  async withToken<T>(call: (token: string) => Promise<T>): Promise<T> {
    const token = await this.ensure();
    try {
      return await call(token);
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) throw error;
      return call(this.token === token ? await this.start() : await this.ensure());
    }
  }

  /** Another tab started a session or took up another visitor: this one follows. */
  follow(token: string): void {
    if (token === this.token) return;
    this.following = true;
    this.begin();
  }

  /** Ends the session here; what is stored is left to the caller. */
  end(): void {
    const { state } = this.settings;
    clearTimeout(this.retry);
    this.token = null;
    this.cursor = null;
    batch(() => {
      state.visitor.value = { name: null, email: null };
      state.conversation.value = null;
      state.messages.value = [];
      state.older.value = null;
      state.tally.value = NOTHING_UNREAD;
      state.failure.value = null;
      state.started.value = false;
      state.returning.value = false;
    });
  }

  private async ask(): Promise<string> {
    const { api, state, drawer, locale } = this.settings;
    const identity = state.identity.value;
    const request = {
      // Another tab's visitor may be somebody else than this tab was told of.
      ...(Object.keys(identity).length > 0 && !this.following ? { visitor: identity } : {}),
      ...(state.page.value ? { page: state.page.value } : {}),
      locale: locale(),
    };
    const stored = this.stored;
    let answer: WidgetSession;
    try {
      answer = await api.session({ token: stored, ...request });
    } catch (error) {
      // A token from a database that is no more, of a visitor who was removed, or none at all: begin as somebody new.
      const isTheToken = error instanceof Problem && (error.status === 401 || (error.status === 422 && error.fields.includes("token")));
      if (!isTheToken || stored === null) throw error;
      answer = await api.session({ token: null, ...request });
    }
    const renewed = this.token !== null && this.token !== answer.token;
    this.token = answer.token;
    this.told = identity;
    if (!this.following) drawer.set(TOKEN, answer.token);
    this.following = false;
    this.adopt(answer, renewed);
    this.settings.started(renewed);
    return answer.token;
  }

  private adopt(answer: WidgetSession, renewed: boolean): void {
    const { state } = this.settings;
    batch(() => {
      state.visitor.value = answer.visitor;
      state.conversation.value = answer.conversation;
      state.messages.value = replaceMessages(renewed ? [] : state.messages.value, answer.messages);
      state.older.value = answer.older;
      state.fetchingOlder.value = "no";
      state.online.value = answer.online;
      state.tally.value = countFromHost(NOTHING_UNREAD, answer.conversation?.unread ?? 0);
      // The host's count already includes every message in this answer.
      state.tally.value = { ...state.tally.value, due: 0 };
      state.failure.value = null;
      state.started.value = true;
    });
    this.cursor = answer.cursor;
  }
}
