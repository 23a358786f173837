/** The part of a query cache that events are applied to, small enough to be a Map in tests. */
export type Key = readonly unknown[];

export interface CacheView {
  get(key: Key): unknown;
  /** Every entry whose key starts with the prefix and that holds data. */
  under(prefix: Key): { key: Key; data: unknown }[];
}

export type CacheUpdate = { kind: "set"; key: Key; data: unknown } | { kind: "refetch"; key: Key };

export interface PagesOf<P> {
  pages: P[];
  pageParams: unknown[];
}
