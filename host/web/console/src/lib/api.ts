import { createClient } from "@omnichat/api-client/client";
import { createSessionKeeper } from "./session.ts";

/** Between tabs of one browser only one may use the refresh cookie at a time. */
function lock<T>(run: () => Promise<T>): Promise<T> {
  const locks = (navigator as { locks?: LockManager }).locks;
  return locks === undefined
    ? run()
    : (locks.request("omnichat.refresh", run) as unknown as Promise<T>);
}

export const session = createSessionKeeper({
  refresh: () => api.auth.refresh(),
  now: () => Date.now(),
  schedule: (run, ms) => {
    const timer = window.setTimeout(run, ms);
    return () => window.clearTimeout(timer);
  },
  lock,
});

/** The one client of the console. */
export const api = createClient({
  token: () => session.token(),
  renew: () => session.renew(),
});
