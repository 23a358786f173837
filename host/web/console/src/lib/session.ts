/**
 * Who is signed in. The access token lives in memory only; the refresh token is an HttpOnly cookie that
 * this code never sees. Renewal is single-flight inside a tab, and serialised between tabs by a lock,
 * because the host treats a refresh token used twice as stolen.
 */
import type { Session } from "@omnichat/api-client/types";
import { ApiError } from "@omnichat/api-client/error";
import { createStore } from "./store.ts";

export type SessionState =
  | { phase: "restoring" }
  | { phase: "unreachable" }
  | { phase: "signed_out"; reason: "none" | "expired" | "left" }
  | { phase: "signed_in"; token: string; expiresAt: number; session: Session };

export interface SessionDeps {
  refresh: () => Promise<Session>;
  now: () => number;
  schedule: (run: () => void, ms: number) => () => void;
  lock: <T>(run: () => Promise<T>) => Promise<T>;
}

export type SessionKeeper = ReturnType<typeof createSessionKeeper>;

export function createSessionKeeper(deps: SessionDeps) {
  const state = createStore<SessionState>({ phase: "restoring" });
  const tokenListeners = new Set<(token: string) => void>();
  let inFlight: Promise<boolean> | null = null;
  let cancelTimer: (() => void) | null = null;

  function adopt(session: Session): void {
    const life = Math.max(session.expires_in, 10) * 1000;
    state.set({
      phase: "signed_in",
      token: session.access_token,
      expiresAt: deps.now() + life,
      session,
    });
    cancelTimer?.();
    cancelTimer = deps.schedule(() => void renew(), life * 0.8);
    for (const listener of [...tokenListeners]) listener(session.access_token);
  }

  function drop(reason: "none" | "expired" | "left"): void {
    cancelTimer?.();
    cancelTimer = null;
    state.set({ phase: "signed_out", reason });
  }

  /** Gets a new token; false when the session is over. A network failure keeps the session. */
  function renew(): Promise<boolean> {
    inFlight ??= deps
      .lock(() => deps.refresh())
      .then(
        (session) => {
          adopt(session);
          return true;
        },
        (error: unknown) => {
          const was = state.get();
          if (error instanceof ApiError && (error.status === 401 || error.status === 403)) {
            drop(was.phase === "signed_in" ? "expired" : "none");
          } else if (was.phase === "signed_in") {
            cancelTimer?.();
            cancelTimer = deps.schedule(() => void renew(), 5000);
          } else {
            state.set({ phase: "unreachable" });
          }
          return false;
        },
      )
      .finally(() => {
        inFlight = null;
      });
    return inFlight;
  }

  return {
    state,
    adopt,
    renew,
    drop,
    token(): string | null {
      const current = state.get();
      return current.phase === "signed_in" ? current.token : null;
    },
    /** Calls back with each renewed token, so that an open socket can present it. */
    onToken(listener: (token: string) => void): () => void {
      tokenListeners.add(listener);
      return () => tokenListeners.delete(listener);
    },
  };
}
