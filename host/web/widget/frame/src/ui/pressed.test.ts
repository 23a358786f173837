import { describe, expect, it } from "vitest";
import type { Pending } from "../chat/state.ts";
import { message } from "../testing/builders.ts";
import type { Button } from "../wire.ts";
import { pressedButtons } from "./pressed.ts";

const reply = (data: string): Button => ({ text: data, kind: "reply", data });
const ask = (id: string, ...data: string[]) => message(id, { from: "bot", buttons: data.map((d) => [reply(d)]) });
const press = (id: string, data: string) => message(id, { from: "visitor", part: { type: "button_press", data, title: data } });
const pending = (messageId: string, data: string): Pending => ({
  client_key: "k1",
  text: data,
  files: [],
  button: { message_id: messageId, data },
  contact: null,
  created_at: "2026-03-01T10:00:00Z",
  state: "queued",
  failure: null,
});

describe("pressed buttons", () => {
  it("belong to the message that asked last, so that the same question can be asked again", () => {
    const messages = [ask("m1", "another", "person"), press("m2", "another"), ask("m3", "another", "person")];
    expect(pressedButtons(messages, [])).toEqual(new Map([["m1", new Set(["another"])]]));
    const more = [...messages, press("m4", "person")];
    expect(pressedButtons(more, []).get("m3")).toEqual(new Set(["person"]));
    expect(pressedButtons(more, []).get("m1")).toEqual(new Set(["another"]));
  });

  it("are shown before the press has been sent", () => {
    expect(pressedButtons([ask("m1", "yes", "no")], [pending("m1", "no")])).toEqual(new Map([["m1", new Set(["no"])]]));
  });

  it("of messages that are not loaded are of no message", () => {
    expect(pressedButtons([press("m2", "yes"), ask("m3", "yes")], []).size).toBe(0);
  });
});
