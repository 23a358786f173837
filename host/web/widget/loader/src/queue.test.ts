import { describe, expect, it, vi } from "vitest";
import { takeOver, type PageFunction } from "./queue.ts";

/** The page's snippet, as `omni` is before the script comes. */
function page(...calls: unknown[][]): Record<string, unknown> {
  const early = Object.assign(() => undefined, { q: calls });
  return { omni: early };
}

function spies() {
  const order: unknown[][] = [];
  const spy =
    (name: string) =>
    (...args: unknown[]) =>
      void order.push([name, ...args]);
  return { order, commands: { init: spy("init"), open: spy("open"), send: spy("send") } };
}

describe("takeOver", () => {
  it("replays what was called before, in order and with its arguments", () => {
    const { order, commands } = spies();
    const scope = page(["init", "inbox_1", { locale: "ru" }], ["send", "hello"], ["open"]);
    expect(takeOver(scope, "omni", commands, vi.fn())).toBe(true);
    expect(order).toEqual([["init", "inbox_1", { locale: "ru" }], ["send", "hello"], ["open"]]);
  });

  it("takes the snippet's `arguments` objects", () => {
    const { order, commands } = spies();
    const scope: Record<string, unknown> = {};
    const early: PageFunction = function () {
      // eslint-disable-next-line prefer-rest-params -- exactly what the snippet keeps
      (early.q = early.q ?? []).push(arguments);
    };
    scope.omni = early;
    early("send", "hello");
    takeOver(scope, "omni", commands, vi.fn());
    expect(order).toEqual([["send", "hello"]]);
  });

  it("passes later calls straight through", () => {
    const { order, commands } = spies();
    const scope = page(["init", "inbox_1"]);
    takeOver(scope, "omni", commands, vi.fn());
    (scope.omni as PageFunction)("open");
    expect(order.at(-1)).toEqual(["open"]);
  });

  it("warns once about each unknown command, early or late, and goes on", () => {
    const { order, commands } = spies();
    const warn = vi.fn();
    const scope = page(["nonsense"], ["init", "inbox_1"]);
    takeOver(scope, "omni", commands, warn);
    (scope.omni as PageFunction)("nonsense");
    (scope.omni as PageFunction)("toString");
    expect(warn.mock.calls).toEqual([['unknown command "nonsense"'], ['unknown command "toString"']]);
    expect(order).toEqual([["init", "inbox_1"]]);
  });

  it("leaves a page alone where it already runs", () => {
    const first = spies();
    const second = spies();
    const scope = page(["init", "inbox_1"]);
    takeOver(scope, "omni", first.commands, vi.fn());
    expect(takeOver(scope, "omni", second.commands, vi.fn())).toBe(false);
    (scope.omni as PageFunction)("open");
    expect(first.order).toEqual([["init", "inbox_1"], ["open"]]);
    expect(second.order).toEqual([]);
  });

  it("works without the snippet and under another name", () => {
    const { order, commands } = spies();
    const scope: Record<string, unknown> = {};
    takeOver(scope, "chat", commands, vi.fn());
    (scope.chat as PageFunction)("open");
    expect(order).toEqual([["open"]]);
  });
});
