/** When to wake a conversation, counted from now in the viewer's zone. */
export interface SnoozeChoice {
  id: "hour" | "three_hours" | "evening" | "tomorrow" | "monday";
  at: Date;
}

export function snoozeChoices(now: Date): SnoozeChoice[] {
  const later = (hours: number) => new Date(now.getTime() + hours * 3_600_000);
  const at = (days: number, hour: number) =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour, 0, 0, 0);
  const untilMonday = (8 - now.getDay()) % 7 || 7;
  const evening = at(0, 18);
  return [
    { id: "hour", at: later(1) },
    { id: "three_hours", at: later(3) },
    ...(evening.getTime() - now.getTime() > 3_600_000 ? [{ id: "evening" as const, at: evening }] : []),
    { id: "tomorrow", at: at(1, 9) },
    ...(untilMonday > 1 ? [{ id: "monday" as const, at: at(untilMonday, 9) }] : []),
  ];
}
