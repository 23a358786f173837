/** Milliseconds before the next attempt: doubling from half a second to fifteen, each with jitter. */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(15_000, 500 * 2 ** attempt);
  return Math.round(ceiling * (0.5 + random() * 0.5));
}
