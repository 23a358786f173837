import type { Message } from "@omnichat/api-client/types";
import { describe, expect, it } from "vitest";
import { message } from "~/realtime/fixtures.ts";
import type { OutboxEntry } from "./outbox.ts";
import { buildTimeline, ownerOf } from "./timeline.ts";

const me = { id: "op_me", name: "Operator" };
let counter = 0;
const said = (minute: number, over: Partial<Message> = {}): Message => {
  counter += 1;
  return message({
    id: `msg_${counter}`,
    position: minute * 60_000_000,
    created_at: new Date(Date.UTC(2026, 0, 5, 12, minute)).toISOString(),
    ...over,
  });
};
const operator = { kind: "operator" as const, id: "op_me", contact_id: null, name: "Operator" };
const system = (minute: number) =>
  said(minute, {
    direction: "system",
    part: { type: "system", entry: "assigned", actor: "A", target: "B", comment: null },
  });
const shape = (messages: Message[], pending: OutboxEntry[] = [], unread: string | null = null) =>
  buildTimeline(messages, pending, me, unread).map((day) =>
    day.blocks.map((b) =>
      b.type === "group" ? `${b.side}:${b.items.length}` : b.type === "system" ? `sys:${b.messages.length}` : "unread",
    ),
  );

describe("timeline", () => {
  it("groups one speaker within three minutes", () => {
    expect(shape([said(0), said(2), said(5), said(9)])).toEqual([["in:3", "in:1"]]);
  });

  it("parts speakers, and notes from replies of the same person", () => {
    expect(
      shape([
        said(0),
        said(1, { direction: "out", author: operator }),
        said(1, { direction: "note", author: operator }),
        said(2, { direction: "out", author: { kind: "bot", id: null, contact_id: null, name: "Bot" } }),
      ]),
    ).toEqual([["in:1", "out:1", "note:1", "bot:1"]]);
  });

  it("folds runs of system entries", () => {
    expect(shape([system(0), system(1), said(2), system(3)])).toEqual([["sys:2", "in:1", "sys:1"]]);
  });

  it("starts a new block each day", () => {
    expect(shape([said(0), said(0, { created_at: "2026-01-09T12:00:00Z" })])).toEqual([["in:1"], ["in:1"]]);
  });

  it("makes one item of an album and takes its caption from any member", () => {
    const image = (id: string): Message["attachments"] => [
      {
        id,
        kind: "image",
        name: id,
        content_type: "image/png",
        size: 1,
        width: 1,
        height: 1,
        duration_ms: null,
        state: "ready",
        error: null,
        can_fetch_again: false,
        file_id: id,
        url: `/${id}`,
      },
    ];
    const days = buildTimeline(
      [
        said(0, { group: "g", text: "", attachments: image("a") }),
        said(0, { group: "g", text: "Caption", attachments: image("b") }),
      ],
      [],
      me,
      null,
    );
    const block = days[0]?.blocks[0];
    expect(block?.type === "group" && block.items.map((i) => [i.attachments.length, i.message.text])).toEqual([
      [2, "Caption"],
    ]);
    const album = block?.type === "group" ? block.items[0] : undefined;
    // What is asked for again is the file of one message, not of the album.
    expect(album === undefined ? undefined : ownerOf(album, "b")?.text).toBe("Caption");
    expect(album === undefined ? undefined : ownerOf(album, "c")).toBeUndefined();
  });

  it("breaks the group where the unread part begins", () => {
    const first = said(0);
    const second = said(1);
    expect(shape([first, second], [], second.id)).toEqual([["in:1", "unread", "in:1"]]);
  });

  it("shows what is on its way once, also when the host's message came first", () => {
    const entry: OutboxEntry = {
      conversationId: "conv_1",
      body: { client_key: "key-12345", kind: "reply", text: "Hi" },
      files: [],
      replyPreview: null,
      createdAt: "2026-01-05T12:01:00Z",
      phase: "sending",
      error: null,
    };
    const arrived = said(1, { direction: "out", author: operator, client_key: "key-12345" });
    expect(shape([said(0)], [entry])).toEqual([["in:1", "out:1"]]);
    expect(shape([said(0), arrived], [entry])).toEqual([["in:1", "out:1"]]);
  });
});
