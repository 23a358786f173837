/**
 * Entries of a list that only grows at its front, each with a key that it keeps: entries have no id of their own, and of
 * several that are alike the newer ones come first.
 */
export function keyed<T extends object>(newestFirst: T[]): [key: string, item: T][] {
  const seen = new Map<string, number>();
  return newestFirst
    .toReversed()
    .map((item): [string, T] => {
      const text = JSON.stringify(item);
      const count = seen.get(text) ?? 0;
      seen.set(text, count + 1);
      return [`${count}:${text}`, item];
    })
    .toReversed();
}
