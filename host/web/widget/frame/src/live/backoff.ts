/** How long to wait before trying again: doubles from 0.5 s to 15 s, with jitter so that many visitors do not return at the same moment. */
const FIRST = 500;
const LONGEST = 15_000;

/** Milliseconds before attempt `attempt` (0 is the first repeat): between half of the step and the whole of it. `random` gives [0, 1). */
export function delayBefore(attempt: number, random: () => number = Math.random): number {
  const step = Math.min(LONGEST, FIRST * 2 ** Math.min(attempt, 30));
  return Math.round(step / 2 + (step / 2) * random());
}
