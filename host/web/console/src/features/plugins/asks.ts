/**
 * What a plugin asks for. The host says it in English sentences and host patterns; read into parts, they can be said in the
 * viewer's language. A sentence that this console does not know is shown as it came.
 */
export type HostPattern =
  | { kind: "exact"; host: string; encrypted: boolean }
  | { kind: "below"; host: string }
  | { kind: "setting"; name: string };

export type Ask =
  | { kind: "host"; pattern: string }
  | { kind: "storage"; bytes: number }
  | { kind: Limit; amount: number }
  | { kind: "run" }
  | { kind: "other"; text: string };

export function readHost(pattern: string): HostPattern {
  if (pattern.startsWith("config:")) return { kind: "setting", name: pattern.slice("config:".length) };
  if (pattern.startsWith("https://*.")) return { kind: "below", host: pattern.slice("https://*.".length) };
  return { kind: "exact", host: pattern.replace(/^https?:\/\//, ""), encrypted: !pattern.startsWith("http://") };
}

type Limit = "memory" | "cpu" | "call" | "request";

const needs = new Map<string, Limit>([
  ["MiB of memory", "memory"],
  ["ms of processor time", "cpu"],
  ["s for a call", "call"],
  ["s for a request", "request"],
]);

export function readAsk(text: string): Ask {
  if (text === "runs on this host") return { kind: "run" };
  const host = /^calls (\S+)$/.exec(text)?.[1];
  if (host !== undefined) return { kind: "host", pattern: host };
  const bytes = /^stores (\d+) bytes$/.exec(text)?.[1];
  if (bytes !== undefined) return { kind: "storage", bytes: Number(bytes) };
  const [, amount, unit = ""] = /^needs (\d+) (.+)$/.exec(text) ?? [];
  const kind = needs.get(unit);
  return kind === undefined ? { kind: "other", text } : { kind, amount: Number(amount) };
}
