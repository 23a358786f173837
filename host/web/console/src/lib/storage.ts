/** localStorage that never throws: private windows and full disks only mean that nothing is remembered. */
const prefix = "omnichat.";

export function remember(key: string, value: unknown): void {
  try {
    localStorage.setItem(prefix + key, typeof value === "string" ? value : JSON.stringify(value));
  } catch {
    // Remembering is a convenience.
  }
}

export function recallText(key: string): string | null {
  try {
    return localStorage.getItem(prefix + key);
  } catch {
    return null;
  }
}

export function recall<T>(key: string, fallback: T): T {
  const text = recallText(key);
  if (text === null) return fallback;
  try {
    return JSON.parse(text) as T;
  } catch {
    return fallback;
  }
}

export function forget(key: string): void {
  try {
    localStorage.removeItem(prefix + key);
  } catch {
    // Nothing was kept.
  }
}

/** Forgets every key that starts so; used when somebody signs out of a shared machine. */
export function forgetAll(keyPrefix: string): void {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(prefix + keyPrefix)) localStorage.removeItem(key);
    }
  } catch {
    // Nothing was kept.
  }
}
