import { ApiError } from "@omnichat/api-client/error";
import type { Message } from "@omnichat/api-client/types";
import { describe, expect, it } from "vitest";
import { message } from "~/realtime/fixtures.ts";
import { createOutbox, type OutboxEntry } from "./outbox.ts";

type Answer = Message | ApiError;

function setup(answers: Answer[], loaded: OutboxEntry[] = []) {
  const sent: string[] = [];
  const acknowledged: string[] = [];
  const timers: { run: () => void; ms: number }[] = [];
  let saved: OutboxEntry[] = loaded;
  const outbox = createOutbox({
    send: async (_, body) => {
      sent.push(body.client_key);
      const answer = answers.shift() ?? message({ client_key: body.client_key });
      if (answer instanceof ApiError) throw answer;
      return answer;
    },
    onSent: (m) => acknowledged.push(m.id),
    schedule: (run, ms) => {
      timers.push({ run, ms });
      return () => undefined;
    },
    save: (entries) => {
      saved = entries;
    },
    load: () => loaded,
  });
  const settle = async () => {
    for (let i = 0; i < 20; i += 1) await Promise.resolve();
  };
  return { outbox, sent, acknowledged, timers, saved: () => saved, settle };
}

const entry = (key: string, conversationId = "conv_1") => ({
  conversationId,
  body: { client_key: key, kind: "reply" as const, text: key },
  files: [],
  replyPreview: null,
  createdAt: "2026-01-01T10:00:00Z",
});
const offline = () => new ApiError({ status: 0, code: "network" });
const phases = (outbox: ReturnType<typeof createOutbox>) => outbox.entries.get().map((e) => e.phase);

describe("outbox", () => {
  it("shows a message at once and lets it go when the host has it", async () => {
    const { outbox, acknowledged, settle, saved } = setup([message({ id: "msg_9" })]);
    outbox.enqueue(entry("key-one-1"));
    expect(phases(outbox)).toEqual(["sending"]);
    await settle();
    expect(acknowledged).toEqual(["msg_9"]);
    expect(outbox.entries.get()).toEqual([]);
    expect(saved()).toEqual([]);
  });

  it("repeats under the same key after a lost answer, in the written order", async () => {
    const { outbox, sent, timers, settle } = setup([offline()]);
    outbox.enqueue(entry("key-one-1"));
    outbox.enqueue(entry("key-two-2"));
    await settle();
    expect(phases(outbox)).toEqual(["waiting", "sending"]);
    timers[0]?.run();
    await settle();
    expect(sent).toEqual(["key-one-1", "key-one-1", "key-two-2"]);
    expect(outbox.entries.get()).toEqual([]);
  });

  it("waits as long as the host asks", async () => {
    const { outbox, timers, settle } = setup([
      new ApiError({ status: 429, code: "rate_limited", retry_after_ms: 7000 }),
    ]);
    outbox.enqueue(entry("key-one-1"));
    await settle();
    expect(timers[0]?.ms).toBe(7000);
  });

  it("keeps a refused message with its reason and sends the next one", async () => {
    const { outbox, sent, settle } = setup([
      new ApiError({ status: 422, code: "rejected", title: "Too long", request_id: "r1" }),
    ]);
    outbox.enqueue(entry("key-one-1"));
    outbox.enqueue(entry("key-two-2"));
    await settle();
    expect(sent).toEqual(["key-one-1", "key-two-2"]);
    expect(outbox.entries.get()[0]?.error).toEqual({ code: "rejected", message: "Too long", requestId: "r1" });
    outbox.retry("key-one-1");
    await settle();
    expect(outbox.entries.get()).toEqual([]);
  });

  it("does not hold one conversation up for another", async () => {
    const { outbox, sent, settle } = setup([offline()]);
    outbox.enqueue(entry("key-one-1", "conv_1"));
    outbox.enqueue(entry("key-two-2", "conv_2"));
    await settle();
    expect(sent).toEqual(["key-one-1", "key-two-2"]);
    expect(outbox.entries.get().map((e) => e.conversationId)).toEqual(["conv_1"]);
  });

  it("sends what a closed tab left behind", async () => {
    const left: OutboxEntry = { ...entry("key-one-1"), phase: "sending", error: null };
    const { outbox, sent, settle } = setup([], [left]);
    outbox.flush();
    await settle();
    expect(sent).toEqual(["key-one-1"]);
  });
});
