/** Short notices at the foot of the screen: what was done, with Undo for six seconds, and what failed. */
import { ApiError } from "@omnichat/api-client/error";
import i18next from "i18next";
import { createStore } from "./store.ts";

export interface Toast {
  id: number;
  tone: "plain" | "danger";
  text: string;
  detail?: string | undefined;
  undo?: (() => void) | undefined;
}

export const toasts = createStore<Toast[]>([]);
let nextId = 1;

export function dismiss(id: number): void {
  toasts.set((list) => list.filter((toast) => toast.id !== id));
}

function show(toast: Omit<Toast, "id">): number {
  const id = nextId++;
  toasts.set((list) => [...list.slice(-2), { ...toast, id }]);
  window.setTimeout(() => dismiss(id), toast.tone === "danger" ? 9000 : 6000);
  return id;
}

/** The answer identifies the notice for `dismiss`. */
export function notify(text: string, undo?: () => void): number {
  return show({ tone: "plain", text, undo });
}

/** Says what failed; the request id goes in small print, for whoever asks the administrator. */
export function notifyError(error: unknown, what: string): void {
  show({ tone: "danger", text: what, detail: describe(error) });
}

/** Says why something cannot be done, which is known without asking the host. */
export function notifyRefusal(why: string): void {
  show({ tone: "danger", text: why });
}

/** What to tell a person about a failure. */
export function describe(error: unknown): string {
  if (!(error instanceof ApiError)) return i18next.t("errors.internal");
  const known = `errors.${error.code}`;
  const text = i18next.exists(known) ? i18next.t(known) : error.message;
  const first = error.code === "invalid" || error.code === "rejected" ? error.message : text;
  return error.requestId === null ? first : `${first} · ${error.requestId}`;
}
