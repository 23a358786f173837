import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Api } from "../http/api.ts";
import { Problem } from "../http/problem.ts";
import { config, message, session as answer } from "../testing/builders.ts";
import type { NewMessage, WidgetMessage } from "../wire.ts";
import { Outbox } from "./outbox.ts";
import { Session } from "./session.ts";
import { createState, type ChatState } from "./state.ts";
import { openDrawer } from "./storage.ts";

/** A host that stores each client key once, as the real one does. */
class Host {
  readonly stored = new Map<string, WidgetMessage>();
  readonly asked: NewMessage[] = [];
  /** What goes wrong with the next calls: before storing, or after it (the answer is lost). */
  faults: { error: Problem; after?: boolean }[] = [];

  readonly api = {
    session: () => Promise.resolve(answer()),
    send: (_: string, sent: NewMessage) => {
      this.asked.push(sent);
      const fault = this.faults.shift();
      if (fault && !fault.after) return Promise.reject(fault.error);
      const held =
        this.stored.get(sent.client_key) ??
        message(`m${this.stored.size}`, { from: "visitor", text: sent.text, client_key: sent.client_key });
      this.stored.set(sent.client_key, held);
      return fault ? Promise.reject(fault.error) : Promise.resolve(held);
    },
  } as unknown as Api;
}

const OFFLINE = new Problem("offline", 0, "");
let host: Host;
let state: ChatState;

/** One visit: a page load with whatever storage holds. */
function visit(): Outbox {
  state = createState();
  state.config.value = config();
  const drawer = openDrawer("inbox");
  const { api } = host;
  const session = new Session({ inbox: "inbox", api, state, drawer, locale: () => "en", started: () => undefined });
  return new Outbox({
    inbox: "inbox",
    api,
    state,
    session,
    drawer,
    stored: (stored) => (state.messages.value = [...state.messages.value, stored]),
  });
}

const texts = (): string[] => [...host.stored.values()].map((stored) => stored.text);
const settled = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  host = new Host();
});
afterEach(() => vi.useRealTimers());

it("shows a message at once and drops it when the host has it", async () => {
  const outbox = visit();
  outbox.add({ text: "hello" });
  expect(state.pending.value.map((entry) => entry.text)).toEqual(["hello"]);
  await settled();
  expect(texts()).toEqual(["hello"]);
  expect(state.pending.value).toEqual([]);
  expect(localStorage.length).toBe(1); // the token alone
});

it("sends in the order written", async () => {
  const outbox = visit();
  for (const text of ["one", "two", "three"]) outbox.add({ text });
  await settled();
  expect(texts()).toEqual(["one", "two", "three"]);
});

it("repeats under the same key when the answer was lost, so nothing is stored twice", async () => {
  host.faults = [{ error: OFFLINE, after: true }];
  visit().add({ text: "hello" });
  await settled();
  expect(state.pending.value[0]?.failure?.code).toBe("offline");
  await settled(1000);
  expect(host.asked).toHaveLength(2);
  expect(new Set(host.asked.map((sent) => sent.client_key)).size).toBe(1);
  expect(texts()).toEqual(["hello"]);
  expect(state.pending.value).toEqual([]);
});

it("survives a reload and goes out once", async () => {
  host.faults = [{ error: OFFLINE, after: true }];
  visit().add({ text: "hello" });
  await settled();
  vi.clearAllTimers();
  const again = visit();
  expect(state.pending.value.map((entry) => entry.text)).toEqual(["hello"]);
  again.hurry();
  await settled();
  expect(texts()).toEqual(["hello"]);
  expect(state.pending.value).toEqual([]);
});

it("stops at a refusal, goes on with the next, and sends again when told to", async () => {
  host.faults = [{ error: new Problem("rejected", 422, "no", "req-1") }];
  const outbox = visit();
  outbox.add({ text: "refused" });
  outbox.add({ text: "fine" });
  await settled(60_000);
  expect(texts()).toEqual(["fine"]);
  expect(state.pending.value).toMatchObject([{ text: "refused", state: "refused", failure: { code: "rejected", request_id: "req-1" } }]);
  outbox.resend(state.pending.value[0]?.client_key ?? "");
  await settled();
  expect(texts()).toEqual(["fine", "refused"]);
});

it("keeps order while the host is away: the first is tried until it goes", async () => {
  host.faults = [{ error: OFFLINE }, { error: OFFLINE }];
  const outbox = visit();
  outbox.add({ text: "one" });
  outbox.add({ text: "two" });
  await settled();
  expect(texts()).toEqual([]);
  await settled(5000);
  expect(texts()).toEqual(["one", "two"]);
});

it("waits as long as the host asks", async () => {
  host.faults = [{ error: new Problem("rate_limited", 429, "", null, 9000) }];
  visit().add({ text: "hello" });
  await settled(8900);
  expect(texts()).toEqual([]);
  await settled(200);
  expect(texts()).toEqual(["hello"]);
});

it("takes an event for the answer", async () => {
  host.faults = [{ error: OFFLINE, after: true }];
  const outbox = visit();
  outbox.add({ text: "hello" });
  await settled();
  outbox.settle([...host.stored.values()]);
  expect(state.pending.value).toEqual([]);
  await settled(60_000);
  expect(host.asked).toHaveLength(1);
});

it("holds what the page sent until the first form is filled in", async () => {
  const outbox = visit();
  state.config.value = config({ prechat: { enabled: true, fields: [{ name: "email", required: true }] } });
  outbox.add({ text: "hello" });
  await settled();
  expect(texts()).toEqual([]);
  state.prechatDone.value = true;
  outbox.hurry();
  await settled();
  expect(texts()).toEqual(["hello"]);
});

it("does not send what another tab has sent or given up", async () => {
  host.faults = [{ error: OFFLINE }];
  visit().add({ text: "hello" });
  await settled();
  openDrawer("inbox").remove(`out:${state.pending.value[0]?.client_key}`);
  await settled(60_000);
  expect(texts()).toEqual([]);
  expect(state.pending.value).toEqual([]);
});
