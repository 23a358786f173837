/** Everything that the screen is drawn from. Written by the rooms beside this file, read by `ui/`. */
import { computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { Identity, Options, PageInfo } from "../../../bridge.ts";
import type { Problem } from "../http/problem.ts";
import type { StoredFile, WidgetConfig, WidgetConversation, WidgetMessage } from "../wire.ts";
import { NOTHING_UNREAD, unreadOf, type Tally } from "./unread.ts";

/** A message of the visitor that the host has not confirmed. */
export interface Pending {
  client_key: string;
  text: string;
  files: StoredFile[];
  button: { message_id: string; data: string } | null;
  /** Set when it was written into the offline form. */
  contact: { name: string; email?: string; phone?: string } | null;
  created_at: string;
  /** `queued` goes out by itself, `refused` only when the visitor says so. */
  state: "queued" | "sending" | "refused";
  /** The last try failed: what the host said, or an empty code when it was not reached. */
  failure: { code: string; detail: string; request_id: string | null } | null;
}

/** Which screen is shown. */
export type Stage = "loading" | "failed" | "prechat" | "offline" | "chat";

export interface ChatState {
  config: Signal<WidgetConfig | null>;
  /** Why there is nothing to show: the configuration or the session could not be had. */
  failure: Signal<Problem | null>;
  /** What the site overrides. */
  options: Signal<Options>;
  page: Signal<PageInfo | null>;
  identity: Signal<Identity>;
  visitor: Signal<{ name: string | null; email: string | null }>;

  /** A visitor is known from before, so there is a history to wait for. */
  returning: Signal<boolean>;
  started: Signal<boolean>;
  conversation: Signal<WidgetConversation | null>;
  messages: Signal<WidgetMessage[]>;
  older: Signal<string | null>;
  fetchingOlder: Signal<"no" | "yes" | "failed">;
  pending: Signal<Pending[]>;
  online: Signal<boolean>;
  /** Who is writing now. */
  typist: Signal<string | null>;
  tally: Signal<Tally>;
  /** What the launcher shows: nothing while the visitor looks at the messages. */
  unread: ReadonlySignal<number>;

  /** The panel is open. */
  shown: Signal<boolean>;
  /** The panel covers the screen of a phone. */
  modal: Signal<boolean>;
  /** The connection has been away for long enough to say so. */
  lost: Signal<boolean>;
  atBottom: Signal<boolean>;
  /** The browser's tab is in front. */
  inFront: Signal<boolean>;
  /** Whatever comes is seen at once: panel open, tab in front, the last message in view. */
  looking: ReadonlySignal<boolean>;

  draft: Signal<string>;
  /** The visitor asked for a new conversation after the last was closed. */
  fresh: Signal<boolean>;
  prechatDone: Signal<boolean>;
  /** Where an answer to the offline form will go; null when it was not sent. */
  answerTo: Signal<string | null>;
  stage: ReadonlySignal<Stage>;
}

export function createState(): ChatState {
  const config = signal<WidgetConfig | null>(null);
  const failure = signal<Problem | null>(null);
  const identity = signal<Identity>({});
  const visitor = signal<{ name: string | null; email: string | null }>({ name: null, email: null });
  const returning = signal(false);
  const started = signal(false);
  const conversation = signal<WidgetConversation | null>(null);
  const messages = signal<WidgetMessage[]>([]);
  const pending = signal<Pending[]>([]);
  const online = signal(true);
  const tally = signal<Tally>(NOTHING_UNREAD);
  const fresh = signal(false);
  const prechatDone = signal(false);
  const shown = signal(false);
  const atBottom = signal(true);
  const inFront = signal(true);

  const known = computed(() => ({
    name: Boolean(visitor.value.name ?? identity.value.name),
    email: Boolean(visitor.value.email ?? identity.value.email),
    phone: Boolean(identity.value.phone),
  }));
  const untouched = computed(() => conversation.value === null && messages.value.length === 0);

  const stage = computed<Stage>(() => {
    if (!config.value || (returning.value && !started.value)) return failure.value ? "failed" : "loading";
    if (!started.value && failure.value && !failure.value.passing) return "failed";
    if (config.value.offline_form && !online.value && (fresh.value || (untouched.value && pending.value.length === 0))) return "offline";
    const { enabled, fields } = config.value.prechat;
    const missing = fields.some((field) => field.required && !known.value[field.name]) || !fields.some((field) => known.value[field.name]);
    if (enabled && fields.length > 0 && untouched.value && !prechatDone.value && missing) return "prechat";
    return "chat";
  });

  const looking = computed(() => shown.value && inFront.value && atBottom.value && stage.value === "chat");

  return {
    config,
    failure,
    options: signal<Options>({}),
    page: signal<PageInfo | null>(null),
    identity,
    visitor,
    returning,
    started,
    conversation,
    messages,
    older: signal<string | null>(null),
    fetchingOlder: signal<"no" | "yes" | "failed">("no"),
    pending,
    online,
    typist: signal<string | null>(null),
    tally,
    unread: computed(() => (looking.value ? 0 : unreadOf(tally.value))),
    shown,
    modal: signal(false),
    lost: signal(false),
    atBottom,
    inFront,
    looking,
    draft: signal(""),
    fresh,
    prechatDone,
    answerTo: signal<string | null>(null),
    stage,
  };
}
