/** What the frame remembers between visits, one drawer per inbox: `localStorage`, or memory where the browser forbids it. */

export interface Drawer {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  /** Keys that begin with `prefix`, sorted. */
  keys(prefix: string): string[];
  /** Forgets everything in the drawer. */
  wipe(): void;
  /** Called when another tab of the same browser changed a key; `value` is null when it was removed. */
  watch(changed: (key: string, value: string | null) => void): void;
}

class MemoryStorage implements Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length"> {
  private readonly held = new Map<string, string>();
  get length(): number {
    return this.held.size;
  }
  key(index: number): string | null {
    return [...this.held.keys()][index] ?? null;
  }
  getItem(key: string): string | null {
    return this.held.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.held.set(key, value);
  }
  removeItem(key: string): void {
    this.held.delete(key);
  }
}

/** Reading `localStorage` itself may throw (blocked cookies), and so may writing to it. */
function usableStorage(scope: Window): Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length"> {
  try {
    const storage = scope.localStorage;
    storage.setItem("omnichat:probe", "1");
    storage.removeItem("omnichat:probe");
    return storage;
  } catch {
    return new MemoryStorage();
  }
}

export function openDrawer(inbox: string, scope: Window = window): Drawer {
  const storage = usableStorage(scope);
  const prefix = `omnichat:${inbox}:`;
  /** What did not fit into storage is remembered as long as the page lives. */
  const overflow = new Map<string, string>();
  const own = (start: string): string[] => {
    const keys = [...overflow.keys()].filter((key) => key.startsWith(start));
    for (let index = 0; index < storage.length; index++) {
      const key = storage.key(index);
      if (key?.startsWith(prefix + start) && !overflow.has(key.slice(prefix.length))) keys.push(key.slice(prefix.length));
    }
    return keys.sort();
  };
  const remove = (key: string): void => {
    overflow.delete(key);
    storage.removeItem(prefix + key);
  };
  return {
    get: (key) => overflow.get(key) ?? storage.getItem(prefix + key),
    set(key, value) {
      try {
        storage.setItem(prefix + key, value);
        overflow.delete(key);
      } catch {
        overflow.set(key, value);
      }
    },
    remove,
    keys: own,
    wipe: () => own("").forEach(remove),
    watch(changed) {
      scope.addEventListener("storage", (event) => {
        if (event.key?.startsWith(prefix)) changed(event.key.slice(prefix.length), event.newValue);
      });
    },
  };
}
