import { ApiError } from "@omnichat/api-client/error";
import { api, session } from "./api.ts";
import { clearDrafts } from "./drafts.ts";
import { announceSession } from "./session-tabs.ts";
import { forgetAll } from "./storage.ts";

/** Ends the session here, or on every device, and leaves nothing of it on this machine. */
export async function signOut(everywhere: boolean): Promise<void> {
  try {
    await (everywhere ? api.auth.signOutEverywhere() : api.auth.signOut());
  } catch (error) {
    // A session that the host has ended already is what was asked for.
    if (!(error instanceof ApiError && error.status === 401)) throw error;
  }
  clearDrafts();
  forgetAll("outbox");
  session.drop("left");
  announceSession("signed_out");
}
