import { expect, it } from "vitest";
import { countFromHost, countMessage, NOTHING_UNREAD, unreadOf } from "./unread.ts";

it("counts a message once when the host's count follows it", () => {
  expect(unreadOf(countFromHost(countMessage(NOTHING_UNREAD), 1))).toBe(1);
});

it("counts a message once when the host's count comes before it", () => {
  expect(unreadOf(countMessage(countFromHost(NOTHING_UNREAD, 1)))).toBe(1);
});

it("counts by itself when the host sends no count", () => {
  expect(unreadOf(countMessage(countMessage(NOTHING_UNREAD)))).toBe(2);
});

it("keeps up through several of both", () => {
  let tally = countFromHost(NOTHING_UNREAD, 2);
  tally = countMessage(countMessage(tally));
  tally = countMessage(tally);
  expect(unreadOf(tally)).toBe(3);
  expect(unreadOf(countFromHost(tally, 3))).toBe(3);
});

it("is nothing once the host says that everything was read", () => {
  expect(unreadOf(countFromHost(countMessage(countFromHost(NOTHING_UNREAD, 4)), 0))).toBe(0);
});
