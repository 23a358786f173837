import type { DomainEvent } from "@omnichat/api-client/realtime";
import type { Condition, Conversation, ConversationQuery, Me, Message } from "@omnichat/api-client/types";
import { describe, expect, it } from "vitest";
import { keys } from "~/queries/keys.ts";
import { applyEvent } from "./apply-event.ts";
import type { CacheUpdate, CacheView, Key } from "./cache.ts";
import type { ConversationPages } from "./conversation-lists.ts";
import { automation, conversation, customer, message, operator } from "./fixtures.ts";
import type { MessagePages } from "./message-pages.ts";

class MapCache implements CacheView {
  private readonly entries = new Map<string, { key: Key; data: unknown }>();
  refetched: Key[] = [];

  put(key: Key, data: unknown): this {
    this.entries.set(JSON.stringify(key), { key, data });
    return this;
  }
  get(key: Key): unknown {
    return this.entries.get(JSON.stringify(key))?.data;
  }
  under(prefix: Key) {
    return [...this.entries.values()].filter((e) =>
      prefix.every((part, i) => JSON.stringify(part) === JSON.stringify(e.key[i])),
    );
  }
  run(event: DomainEvent): CacheUpdate[] {
    const updates = applyEvent(event, this, { me: "op_me", now: Date.parse(at(30)) });
    for (const update of updates) {
      if (update.kind === "set") this.put(update.key, update.data);
      else this.refetched.push(update.key);
    }
    return updates;
  }
}

const active: Condition = { field: "status", op: "in", value: ["new", "open", "pending"] };
const mine: ConversationQuery = { filter: { all: [active, { field: "assignee", op: "is", value: "me" }] } };
const unassigned: ConversationQuery = { filter: { all: [active, { field: "assignee", op: "exists", value: false }] } };
const pages = (...items: Conversation[]): ConversationPages => ({
  pages: [{ items, next: null }],
  pageParams: [null],
});
const texts = (...items: Message[]): MessagePages => ({
  pages: [{ items, older: null }],
  pageParams: [null],
});
const ids = (cache: MapCache, query: ConversationQuery) =>
  (cache.get(keys.conversationList(query)) as ConversationPages).pages.flatMap((p) =>
    p.items.map((c) => c.id),
  );
const messageIds = (cache: MapCache) =>
  (cache.get(keys.messages("conv_1")) as MessagePages).pages.flatMap((p) => p.items.map((m) => m.id));

const at = (minute: number) => `2026-01-01T10:${String(minute).padStart(2, "0")}:00Z`;

describe("conversations", () => {
  it("moves a conversation with news to the top of its list", () => {
    const cache = new MapCache().put(
      keys.conversationList(mine),
      pages(
        conversation({ id: "conv_a", last_activity_at: at(5) }),
        conversation({ id: "conv_b", last_activity_at: at(4) }),
      ),
    );
    cache.run({
      type: "conversation_updated",
      conversation: conversation({ id: "conv_b", last_activity_at: at(6), version: 2 }),
    });
    expect(ids(cache, mine)).toEqual(["conv_b", "conv_a"]);
    expect(cache.refetched).toContainEqual(keys.counts);
  });

  it("moves it between lists when it is assigned", () => {
    const waiting = conversation({ id: "conv_a", assignee_id: null });
    const cache = new MapCache()
      .put(keys.conversationList(mine), pages())
      .put(keys.conversationList(unassigned), pages(waiting));
    cache.run({
      type: "conversation_updated",
      conversation: { ...waiting, assignee_id: "op_me", version: 2 },
    });
    expect(ids(cache, mine)).toEqual(["conv_a"]);
    expect(ids(cache, unassigned)).toEqual([]);
  });

  it("ignores a version that is not above the held one", () => {
    const held = conversation({ version: 7, subject: "new" });
    const cache = new MapCache()
      .put(keys.conversationList(mine), pages(held))
      .put(keys.conversation("conv_1"), held);
    for (const version of [6, 7]) {
      const updates = cache.run({
        type: "conversation_updated",
        conversation: conversation({ version, subject: "old", status: "resolved" }),
      });
      expect(updates).toEqual([]);
    }
    expect(cache.get(keys.conversation("conv_1"))).toBe(held);
  });

  it("leaves what sorts below the loaded part of a longer list to its page", () => {
    const cache = new MapCache().put(keys.conversationList(mine), {
      pages: [{ items: [conversation({ id: "conv_a", last_activity_at: at(9) })], next: "cursor" }],
      pageParams: [null],
    });
    cache.run({
      type: "conversation_created",
      conversation: conversation({ id: "conv_old", last_activity_at: at(1) }),
    });
    expect(ids(cache, mine)).toEqual(["conv_a"]);
  });

  it("sorts by time, however many decimals it has", () => {
    const cache = new MapCache().put(keys.conversationList(mine), pages(conversation({ id: "conv_a", last_activity_at: at(5) })));
    const later = at(5).replace("Z", ".25Z");
    cache.run({ type: "conversation_updated", conversation: conversation({ id: "conv_b", last_activity_at: later }) });
    expect(ids(cache, mine)).toEqual(["conv_b", "conv_a"]);
  });

  it("sorts by waiting time, longest first, where the list says so", () => {
    const query: ConversationQuery = { filter: active, sort: "waiting" };
    const cache = new MapCache().put(
      keys.conversationList(query),
      pages(
        conversation({ id: "conv_a", waiting_since: at(1) }),
        conversation({ id: "conv_c", waiting_since: at(9) }),
      ),
    );
    cache.run({
      type: "conversation_updated",
      conversation: conversation({ id: "conv_b", waiting_since: at(5) }),
    });
    expect(ids(cache, query)).toEqual(["conv_a", "conv_b", "conv_c"]);
    cache.run({
      type: "conversation_updated",
      conversation: conversation({ id: "conv_a", waiting_since: null, version: 2 }),
    });
    expect(ids(cache, query)).toEqual(["conv_b", "conv_c"]);
  });
});

describe("lists of saved views", () => {
  it("take in what comes to match, and let go what no longer does", () => {
    const query: ConversationQuery = { filter: { any: [{ field: "tags", op: "has", value: "vip" }] }, sort: "created" };
    const cache = new MapCache().put(keys.conversationList(query), pages(conversation({ id: "conv_a", tags: ["vip"] })));
    cache.run({ type: "conversation_updated", conversation: conversation({ id: "conv_b", tags: ["vip"], created_at: at(9) }) });
    expect(ids(cache, query)).toEqual(["conv_b", "conv_a"]);
    cache.run({ type: "conversation_updated", conversation: conversation({ id: "conv_a", version: 2 }) });
    expect(ids(cache, query)).toEqual(["conv_b"]);
  });

  it("take in what sorts below the last row of a page that came short", () => {
    const cache = new MapCache().put(keys.conversationList(mine), {
      pages: [{ items: [], next: "cursor", short: true }],
      pageParams: [null],
    });
    cache.run({ type: "conversation_updated", conversation: conversation({ id: "conv_a" }) });
    expect(ids(cache, mine)).toEqual(["conv_a"]);
  });

  it("count from now", () => {
    const query: ConversationQuery = { filter: { field: "waiting_since", op: "older_than", value: 600 } };
    const cache = new MapCache().put(keys.conversationList(query), pages());
    for (const [id, minute] of [["conv_a", 19], ["conv_b", 21]] as const) {
      cache.run({ type: "conversation_updated", conversation: conversation({ id, waiting_since: at(minute) }) });
    }
    expect(ids(cache, query)).toEqual(["conv_a"]);
  });
});

describe("messages", () => {
  it("inserts by position, not by arrival", () => {
    const cache = new MapCache().put(
      keys.messages("conv_1"),
      texts(message({ id: "msg_a", position: 10 }), message({ id: "msg_c", position: 30 })),
    );
    cache.run({
      type: "message_created",
      conversation: conversation({ version: 2 }),
      message: message({ id: "msg_b", position: 20 }),
    });
    expect(messageIds(cache)).toEqual(["msg_a", "msg_b", "msg_c"]);
  });

  it("takes the same creation twice for one message", () => {
    const cache = new MapCache().put(keys.messages("conv_1"), texts());
    const event: DomainEvent = {
      type: "message_created",
      conversation: conversation(),
      message: message(),
    };
    cache.run(event);
    cache.run(event);
    expect(messageIds(cache)).toEqual(["msg_1"]);
  });

  it("moves delivery forward only by version", () => {
    const cache = new MapCache().put(
      keys.messages("conv_1"),
      texts(message({ direction: "out", state: "sent", version: 3 })),
    );
    const late = message({ direction: "out", state: "queued", version: 2 });
    expect(cache.run({ type: "message_updated", message: late, conversation: null })).toEqual([]);
    cache.run({
      type: "message_updated",
      message: message({ direction: "out", state: "read", version: 4 }),
      conversation: null,
    });
    const held = cache.get(keys.messages("conv_1")) as MessagePages;
    expect(held.pages[0]?.items[0]?.state).toBe("read");
  });

  it("does not load messages of a conversation that nobody opened", () => {
    const cache = new MapCache();
    cache.run({ type: "message_created", conversation: conversation(), message: message() });
    expect(cache.get(keys.messages("conv_1"))).toBeUndefined();
  });

  it("puts a late old message into the older page", () => {
    const cache = new MapCache().put(keys.messages("conv_1"), {
      pages: [
        { items: [message({ id: "msg_new", position: 50 })], older: "50" },
        { items: [message({ id: "msg_old", position: 10 })], older: null },
      ],
      pageParams: [null, "50"],
    });
    cache.run({
      type: "message_created",
      conversation: conversation(),
      message: message({ id: "msg_mid", position: 20 }),
    });
    const held = cache.get(keys.messages("conv_1")) as MessagePages;
    expect(held.pages.map((p) => p.items.map((m) => m.id))).toEqual([["msg_new"], ["msg_old", "msg_mid"]]);
  });
});

describe("the rest", () => {
  it("updates the signed-in operator in both places", () => {
    const me: Me = { operator: operator(), tenant: { id: "t", name: "T" }, permissions: [], role_name: null, public_url: null };
    const cache = new MapCache().put(keys.me, me).put(keys.operators, { items: [operator()] });
    cache.run({ type: "operator_updated", operator: operator({ status: "break", version: 2 }) });
    expect((cache.get(keys.me) as Me).operator.status).toBe("break");
    expect(cache.get(keys.operators)).toEqual({ items: [operator({ status: "break", version: 2 })] });
  });

  it("keeps the list of bots and tools, newest states only", () => {
    const bot = automation();
    const tools = automation({ id: "auto_2", kind: "order-status", role: "tools" });
    const cache = new MapCache();
    cache.run({ type: "automation_updated", automation: bot });
    expect(cache.get(keys.automations)).toBeUndefined();
    cache.put(keys.automations, { items: [bot] });
    cache.run({ type: "automation_updated", automation: tools });
    cache.run({ type: "automation_updated", automation: automation({ enabled: false, version: 3 }) });
    cache.run({ type: "automation_updated", automation: automation({ title: "Overtaken", version: 2 }) });
    expect(cache.get(keys.automations)).toEqual({ items: [automation({ enabled: false, version: 3 }), tools] });
    cache.run({ type: "automation_deleted", automation_id: bot.id });
    expect(cache.get(keys.automations)).toEqual({ items: [tools] });
    expect(cache.run({ type: "automation_deleted", automation_id: bot.id })).toEqual([]);
  });

  it("keeps a customer in its place of a list, newest state only", () => {
    const key = keys.customerList({ sort: "created" });
    const first = { items: [customer({ id: "cus_2" }), customer({ version: 3 })], next: null, damaged: [] };
    const cache = new MapCache().put(key, { pages: [first], pageParams: [null] });
    expect(cache.run({ type: "customer_updated", customer: customer({ name: "Old", version: 2 }) })).toEqual([]);
    expect(cache.run({ type: "customer_updated", customer: customer({ id: "cus_3" }) })).toEqual([]);
    cache.run({ type: "customer_updated", customer: customer({ name: "Mira", version: 4 }) });
    const { pages } = cache.get(key) as { pages: (typeof first)[] };
    expect(pages.map(({ items }) => items.map(({ name }) => name))).toEqual([["Visitor", "Mira"]]);
  });

  it("gives the same state as a fresh fetch after a day of events", () => {
    const cache = new MapCache()
      .put(keys.conversationList(mine), pages())
      .put(keys.conversationList(unassigned), pages())
      .put(keys.messages("conv_1"), texts());
    const created = conversation({ assignee_id: null, status: "new" });
    const first = message({ position: 10 });
    const answered = message({ id: "msg_2", direction: "out", state: "queued", position: 20 });
    const final = conversation({ status: "open", version: 4, last_activity_at: at(9) });
    const events: DomainEvent[] = [
      { type: "conversation_created", conversation: created },
      { type: "message_created", conversation: { ...created, version: 2 }, message: first },
      { type: "conversation_updated", conversation: { ...final, version: 3 } },
      { type: "message_created", conversation: final, message: answered },
      { type: "message_updated", message: { ...answered, state: "sent", version: 2 }, conversation: null },
    ];
    for (const event of events) cache.run(event);
    for (const event of events.toReversed()) cache.run(event);
    expect(cache.get(keys.conversationList(mine))).toEqual(pages(final));
    expect(cache.get(keys.conversationList(unassigned))).toEqual(pages());
    expect(cache.get(keys.messages("conv_1"))).toEqual(
      texts(first, { ...answered, state: "sent", version: 2 }),
    );
  });

  it("ignores an event that it does not know", () => {
    const unknown = { type: "something_later" } as unknown as DomainEvent;
    expect(new MapCache().run(unknown)).toEqual([]);
  });
});

describe("entities", () => {
  const key = keys.entities("phrase");
  const hours = { id: "phr_1", version: 1 };
  const gone = (id: string): DomainEvent => ({ type: "entity_deleted", kind: "phrase", id });

  it("go with what says that they are damaged", () => {
    const cache = new MapCache().put(key, { items: [hours], damaged: ["phr_2", "phr_3"] });
    cache.run(gone("phr_2"));
    expect(cache.get(key)).toEqual({ items: [hours], damaged: ["phr_3"] });
    cache.run(gone("phr_1"));
    expect(cache.get(key)).toEqual({ items: [], damaged: ["phr_3"] });
    expect(cache.run(gone("phr_1"))).toEqual([]);
  });
});
