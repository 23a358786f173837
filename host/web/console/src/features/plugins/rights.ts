/** What a plugin asks for and what was granted to it, in parts that can be said in the viewer's language. */
import type { PluginRights } from "@omnichat/api-client/types";

export type HostPattern =
  | { kind: "exact"; host: string; encrypted: boolean }
  | { kind: "below"; host: string }
  | { kind: "setting"; name: string };

export function readHost(pattern: string): HostPattern {
  if (pattern.startsWith("config:")) return { kind: "setting", name: pattern.slice("config:".length) };
  if (pattern.startsWith("https://*.")) return { kind: "below", host: pattern.slice("https://*.".length) };
  return { kind: "exact", host: pattern.replace(/^https?:\/\//, ""), encrypted: !pattern.startsWith("http://") };
}

/** The rights that are figures. */
export const figures = ["kv_bytes", "kv_keys", "memory_mb", "cpu_ms", "wall_s", "http_s"] as const;
export type Figure = (typeof figures)[number];

export type Right =
  | { kind: "host"; pattern: string }
  | { kind: Figure; amount: number }
  | { kind: "warm"; size: number; calls: number };

/** Whether a figure, or the instances that are kept, are more than a plugin usually has. */
export function isRaised(rights: PluginRights, figure: Figure | "warm"): boolean {
  return rights.raised.includes(figure);
}

/** What is asked for beyond what was granted; where nothing was, beyond what every plugin has. */
export function beyond(requests: PluginRights, granted: PluginRights | null): Right[] {
  const hosts = requests.hosts.filter((pattern) => granted?.hosts.includes(pattern) !== true);
  const more = figures.filter((figure) =>
    granted === null ? isRaised(requests, figure) : requests[figure] > granted[figure],
  );
  const { warm } = requests;
  const held = granted?.warm ?? null;
  const warmer = warm !== null && (held === null || warm.size > held.size || warm.max_calls > held.max_calls);
  return [
    ...hosts.map((pattern): Right => ({ kind: "host", pattern })),
    ...more.map((kind): Right => ({ kind, amount: requests[kind] })),
    ...(warmer ? [{ kind: "warm" as const, size: warm.size, calls: warm.max_calls }] : []),
  ];
}
