/** The host's calls for one inbox. Each throws `Problem`. */
import type { Identity, PageInfo } from "../../../bridge.ts";
import type { NewMessage, OfflineMessage, WidgetConfig, WidgetMessage, WidgetSession } from "../wire.ts";
import { Problem, problemFrom } from "./problem.ts";

export interface SessionRequest {
  token: string | null;
  visitor?: Identity;
  page?: PageInfo;
  locale: string;
}

export interface Api {
  config(): Promise<WidgetConfig>;
  session(request: SessionRequest): Promise<WidgetSession>;
  older(token: string, before: string): Promise<{ items: WidgetMessage[]; older: string | null }>;
  send(token: string, message: NewMessage): Promise<WidgetMessage>;
  offline(token: string, message: OfflineMessage): Promise<WidgetMessage>;
  read(token: string): Promise<void>;
  /** Where a file is posted, as its raw body. */
  uploadUrl(name: string): string;
  socketUrl(): string;
}

/** A call that hangs is given up after this many milliseconds and counts as unreachable. */
const PATIENCE = 20_000;

async function call<T>(url: string, token: string | null, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (token) headers.authorization = `Bearer ${token}`;
  if (body !== undefined) headers["content-type"] = "application/json";
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), PATIENCE);
  try {
    const answer = await fetch(url, {
      method: body === undefined ? "GET" : "POST",
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      credentials: "omit",
      signal: abort.signal,
    });
    const text = await answer.text();
    if (!answer.ok) throw problemFrom(answer.status, text, answer.headers.get("retry-after"));
    return (text ? JSON.parse(text) : undefined) as T;
  } catch (error) {
    throw error instanceof Problem ? error : new Problem("offline", 0, "");
  } finally {
    clearTimeout(timer);
  }
}

export function createApi(origin: string, inbox: string): Api {
  const base = `${origin}/widget/v1/${encodeURIComponent(inbox)}`;
  return {
    config: () => call(`${base}/config`, null),
    session: (request) => call(`${base}/session`, null, request),
    older: (token, before) => call(`${base}/messages?before=${encodeURIComponent(before)}`, token),
    send: (token, message) => call(`${base}/messages`, token, message),
    offline: (token, message) => call(`${base}/offline`, token, message),
    read: (token) => call(`${base}/read`, token, {}),
    uploadUrl: (name) => `${base}/files?name=${encodeURIComponent(name)}`,
    socketUrl: () => `${base.replace(/^http/, "ws")}/ws`,
  };
}
