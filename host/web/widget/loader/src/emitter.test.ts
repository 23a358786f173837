import { afterEach, expect, it, vi } from "vitest";
import { createEmitter } from "./emitter.ts";

afterEach(() => vi.unstubAllGlobals());

/** Collects what the emitter leaves to the browser, so that a test can run it. */
function tasks(): (() => void)[] {
  const left: (() => void)[] = [];
  vi.stubGlobal("queueMicrotask", (task: () => void) => left.push(task));
  return left;
}

it("hands the payload to the listeners of that event alone", () => {
  const left = tasks();
  const emitter = createEmitter();
  const [opened, unread] = [vi.fn(), vi.fn()];
  emitter.on("open", opened);
  emitter.on("unread", unread);
  emitter.emit("unread", 2);
  for (const task of left) task();
  expect(unread).toHaveBeenCalledExactlyOnceWith(2);
  expect(opened).not.toHaveBeenCalled();
});

it("forgets one listener, or all of an event", () => {
  const left = tasks();
  const emitter = createEmitter();
  const [first, second] = [vi.fn(), vi.fn()];
  emitter.on("open", first);
  emitter.on("open", second);
  emitter.off("open", first);
  emitter.emit("open");
  emitter.off("open");
  emitter.emit("open");
  for (const task of left) task();
  expect(first).not.toHaveBeenCalled();
  expect(second).toHaveBeenCalledOnce();
});

it("keeps a listener that throws from silencing the others and from breaking the caller", () => {
  const left = tasks();
  const emitter = createEmitter();
  const heard = vi.fn();
  emitter.on("open", () => {
    throw new Error("of the page");
  });
  emitter.on("open", heard);
  expect(() => emitter.emit("open")).not.toThrow();
  expect(left).toHaveLength(2);
  expect(left[0]).toThrow("of the page");
  left[1]?.();
  expect(heard).toHaveBeenCalledOnce();
});
