/** Lengths and moments of time as people enter them. */
export type Unit = "seconds" | "minutes" | "hours" | "days";

export const secondsOf: Record<Unit, number> = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };

/** The longest that the host takes, ten years. */
export const longest = 315_360_000;

/** The largest unit that says a length in whole numbers. */
export function unitOf(seconds: number | null): Unit {
  if (seconds === null) return "hours";
  const fitting = (["days", "hours", "minutes"] as const).find((unit) => seconds % secondsOf[unit] === 0);
  return fitting ?? "seconds";
}

/** A moment for a field of date and time, in the viewer's zone. */
export function toField(at: string): string {
  const moment = new Date(at);
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** Null for what is no moment, or not yet. */
export function fromField(text: string): string | null {
  const moment = new Date(text);
  return Number.isNaN(moment.getTime()) ? null : moment.toISOString();
}
