import { beforeEach, expect, it, vi } from "vitest";
import { config, message } from "../testing/builders.ts";
import type { FromHost, WidgetConversation } from "../wire.ts";
import { takeFrame, type Effects } from "./events.ts";
import { createState, type ChatState } from "./state.ts";

let state: ChatState;
let effects: { [K in keyof Effects]: ReturnType<typeof vi.fn<Effects[K]>> };

beforeEach(() => {
  state = createState();
  state.config.value = config();
  effects = { typing: vi.fn(), resync: vi.fn(), arrived: vi.fn(), seen: vi.fn() };
});

const take = (frame: FromHost): void => takeFrame(state, frame, effects);
const event = (seq: number, inner: Extract<FromHost, { type: "event" }>["event"]): void =>
  take({ type: "event", cursor: `cursor ${seq}`, event: inner });
const conversation = (part: Partial<WidgetConversation>): WidgetConversation => ({
  id: "c",
  status: "open",
  operator: null,
  unread: 0,
  ...part,
});

it("adds a message, counts it and tells of it once", () => {
  event(11, { type: "message_created", message: message("a") });
  event(11, { type: "message_created", message: message("a") });
  expect(state.messages.value).toHaveLength(1);
  expect(state.unread.value).toBe(1);
  expect(effects.arrived).toHaveBeenCalledOnce();
  expect(effects.seen).toHaveBeenLastCalledWith("cursor 11");
});

it("does not count the visitor's own message or a line of the system", () => {
  event(11, { type: "message_created", message: message("a", { from: "visitor" }) });
  event(12, { type: "message_created", message: message("b", { from: "system" }) });
  expect(state.unread.value).toBe(0);
});

it("edits in place", () => {
  event(11, { type: "message_created", message: message("a") });
  event(12, { type: "message_updated", message: message("a", { version: 2, text: "edited" }) });
  expect(state.messages.value.map((held) => held.text)).toEqual(["edited"]);
  expect(effects.arrived).toHaveBeenCalledOnce();
});

it("leaves an update of what is not loaded yet to the page it belongs to", () => {
  state.messages.value = [message("b", { position: 50 })];
  state.older.value = "cursor";
  event(11, { type: "message_updated", message: message("a", { position: 3, version: 2 }) });
  expect(state.messages.value.map((held) => held.id)).toEqual(["b"]);
});

it("follows the conversation: operator, unread, closing and reopening", () => {
  event(11, { type: "conversation_updated", conversation: conversation({ operator: { name: "Operator", avatar_url: null }, unread: 2 }) });
  expect(state.conversation.value?.operator?.name).toBe("Operator");
  expect(state.unread.value).toBe(2);
  state.fresh.value = true;
  event(12, { type: "conversation_updated", conversation: conversation({ status: "closed", unread: 0 }) });
  expect(state.fresh.value).toBe(true);
  event(13, { type: "conversation_updated", conversation: conversation({}) });
  expect(state.fresh.value).toBe(false);
});

it("changes to the offline form only where nothing was said yet", () => {
  take({ type: "online", online: false });
  expect(state.stage.value).toBe("offline");
  event(11, { type: "message_created", message: message("a", { from: "visitor" }) });
  expect(state.stage.value).toBe("chat");
  take({ type: "hello", cursor: "cursor 11", online: true });
  expect(state.online.value).toBe(true);
});

it("has no offline form where the inbox wants none", () => {
  state.config.value = config({ offline_form: false });
  take({ type: "online", online: false });
  expect(state.stage.value).toBe("chat");
});

it("asks for everything anew when too much was missed, and ignores what it does not know", () => {
  take({ type: "resync" });
  expect(effects.resync).toHaveBeenCalledOnce();
  take({ type: "surprise" } as unknown as FromHost);
  event(12, { type: "surprise" } as never);
  expect(effects.seen).toHaveBeenLastCalledWith("cursor 12");
});
