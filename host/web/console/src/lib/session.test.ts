import { ApiError } from "@omnichat/api-client/error";
import type { Session } from "@omnichat/api-client/types";
import { describe, expect, it } from "vitest";
import { createSessionKeeper } from "./session.ts";

function setup(refresh: () => Promise<Session>) {
  const timers: { run: () => void; ms: number; cancelled: boolean }[] = [];
  const keeper = createSessionKeeper({
    refresh,
    now: () => 1_000,
    schedule: (run, ms) => {
      const timer = { run, ms, cancelled: false };
      timers.push(timer);
      return () => {
        timer.cancelled = true;
      };
    },
    lock: (run) => run(),
  });
  return { keeper, timers };
}

const session = (token: string): Session => ({
  access_token: token,
  expires_in: 900,
  me: {} as Session["me"],
});

describe("session keeper", () => {
  it("asks once for many callers", async () => {
    let calls = 0;
    const { keeper } = setup(async () => {
      calls += 1;
      return session("a");
    });
    expect(await Promise.all([keeper.renew(), keeper.renew(), keeper.renew()])).toEqual([true, true, true]);
    expect(calls).toBe(1);
    expect(keeper.token()).toBe("a");
  });

  it("renews at four fifths of the token's life and tells listeners", async () => {
    const { keeper, timers } = setup(async () => session("b"));
    const seen: string[] = [];
    keeper.onToken((token) => seen.push(token));
    keeper.adopt(session("a"));
    expect(timers[0]?.ms).toBe(720_000);
    await keeper.renew();
    expect(timers[0]?.cancelled).toBe(true);
    expect(seen).toEqual(["a", "b"]);
  });

  it("says the session expired only to somebody who had one", async () => {
    const refuse = async () => {
      throw new ApiError({ status: 401, code: "unauthenticated" });
    };
    const fresh = setup(refuse);
    await fresh.keeper.renew();
    expect(fresh.keeper.state.get()).toEqual({ phase: "signed_out", reason: "none" });

    const old = setup(refuse);
    old.keeper.adopt(session("a"));
    await old.keeper.renew();
    expect(old.keeper.state.get()).toEqual({ phase: "signed_out", reason: "expired" });
  });

  it("keeps the session while the host cannot be reached, and tries again", async () => {
    const { keeper, timers } = setup(async () => {
      throw new ApiError({ status: 0, code: "network" });
    });
    keeper.adopt(session("a"));
    expect(await keeper.renew()).toBe(false);
    expect(keeper.token()).toBe("a");
    expect(timers.at(-1)?.ms).toBe(5000);
  });
});
