import { afterEach, describe, expect, it, vi } from "vitest";
import { openDrawer } from "./storage.ts";

afterEach(() => localStorage.clear());

const blocked = {
  get localStorage(): Storage {
    throw new DOMException("denied", "SecurityError");
  },
  addEventListener: vi.fn(),
} as unknown as Window;

describe.each([
  ["localStorage", window],
  ["memory, where storage is blocked", blocked],
])("in %s", (_, scope) => {
  it("keeps, lists and forgets", () => {
    const drawer = openDrawer("inbox", scope);
    drawer.set("out:b", "2");
    drawer.set("out:a", "1");
    drawer.set("token", "t");
    expect(drawer.keys("out:")).toEqual(["out:a", "out:b"]);
    drawer.remove("out:a");
    expect(drawer.get("out:a")).toBeNull();
    drawer.wipe();
    expect(drawer.keys("")).toEqual([]);
  });
});

it("keeps inboxes apart", () => {
  openDrawer("one").set("token", "1");
  openDrawer("two").set("token", "2");
  openDrawer("one").wipe();
  expect(openDrawer("two").get("token")).toBe("2");
});

it("remembers in memory what no longer fits", () => {
  const drawer = openDrawer("inbox");
  const full = vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  drawer.set("out:a", "1");
  expect(drawer.get("out:a")).toBe("1");
  expect(drawer.keys("out:")).toEqual(["out:a"]);
  full.mockRestore();
  drawer.remove("out:a");
  expect(drawer.get("out:a")).toBeNull();
});

it("tells of other tabs' changes to this inbox only", () => {
  const changed = vi.fn();
  openDrawer("one").watch(changed);
  window.dispatchEvent(new StorageEvent("storage", { key: "omnichat:one:token", newValue: "t" }));
  window.dispatchEvent(new StorageEvent("storage", { key: "omnichat:two:token", newValue: "t" }));
  window.dispatchEvent(new StorageEvent("storage", { key: "other" }));
  expect(changed.mock.calls).toEqual([["token", "t"]]);
});
