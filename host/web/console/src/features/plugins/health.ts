import type { PluginHealth } from "@omnichat/api-client/types";

/** Calls at a glance. A plugin's own error is an answer, everything else but success is a fault. */
export function tally({ calls }: Pick<PluginHealth, "calls">): { calls: number; errors: number; faults: number } {
  const all = Object.values(calls).reduce((sum, n) => sum + n, 0);
  const errors = calls["plugin_error"] ?? 0;
  return { calls: all, errors, faults: all - errors - (calls["ok"] ?? 0) };
}

/** The outcomes that were no success, most frequent first. */
export function troubles({ calls }: Pick<PluginHealth, "calls">): [outcome: string, count: number][] {
  return Object.entries(calls)
    .filter(([outcome, count]) => outcome !== "ok" && count > 0)
    .sort((a, b) => b[1] - a[1]);
}

/** The digits of a key that people compare; the host's own sentences name as many. */
export function shortKey(key: string): string {
  return key.slice(0, 16);
}
