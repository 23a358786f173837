/**
 * Keeps a list from moving under the pointer. While it is held (scrolled down, or aimed at), rows keep
 * their places, rows that left are taken out, rows of further pages are appended, and what would have
 * come in above waits to be let in.
 */
import { useMemo, useRef } from "react";

interface Row {
  id: string;
}

export interface Settled<T> {
  rows: T[];
  /** How many wait above. */
  waiting: number;
}

/** Pure: the order to show now, given the order shown before and the true one. */
export function settle<T extends Row>(shown: string[], truth: T[], held: boolean): Settled<T> {
  if (!held || shown.length === 0) return { rows: truth, waiting: 0 };
  const byId = new Map(truth.map((row) => [row.id, row]));
  const place = new Map(truth.map((row, index) => [row.id, index]));
  const kept = shown.filter((id) => byId.has(id));
  const lastPlace = kept.reduce((max, id) => Math.max(max, place.get(id) ?? 0), -1);
  const known = new Set(kept);
  const below = truth.filter((row, index) => !known.has(row.id) && index > lastPlace).map((row) => row.id);
  const rows = [...kept, ...below].flatMap((id) => byId.get(id) ?? []);
  return { rows, waiting: truth.length - rows.length };
}

export function useSettledOrder<T extends Row>(truth: T[], held: boolean, listKey: string): Settled<T> {
  const before = useRef<{ key: string; ids: string[] }>({ key: listKey, ids: [] });
  return useMemo(() => {
    const shown = before.current.key === listKey ? before.current.ids : [];
    const settled = settle(shown, truth, held);
    before.current = { key: listKey, ids: settled.rows.map((row) => row.id) };
    return settled;
  }, [truth, held, listKey]);
}
