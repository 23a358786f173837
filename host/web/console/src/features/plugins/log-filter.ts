import type { PluginLogLevel, PluginLogLine } from "@omnichat/api-client/types";

/** From everything to the gravest. */
export const levels = ["debug", "info", "warn", "error"] as const satisfies PluginLogLevel[];

export interface LogFilter {
  /** Of this level or graver. */
  least: PluginLogLevel;
  /** One function, or all. */
  export: string | null;
  /** One inbox or automation by its id ("" for calls that are for none), or all. */
  account: string | null;
}

export const everything: LogFilter = { least: "debug", export: null, account: null };

export function passes(line: PluginLogLine, filter: LogFilter): boolean {
  return (
    levels.indexOf(line.level) >= levels.indexOf(filter.least) &&
    (filter.export === null || line.export === filter.export) &&
    (filter.account === null || line.account === filter.account)
  );
}

/** What lines can be filtered by; what is chosen stays among them when its lines are gone. */
export function values(lines: PluginLogLine[], by: "export" | "account", chosen: string | null): string[] {
  return [...new Set([...lines.map((line) => line[by]), ...(chosen === null ? [] : [chosen])])].sort();
}
