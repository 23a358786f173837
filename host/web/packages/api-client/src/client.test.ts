import { describe, expect, it } from "vitest";
import { createClient } from "./client.ts";
import { ApiError } from "./error.ts";

type Answer = { status: number; body?: unknown };

function stub(answers: Answer[], token = "old") {
  const calls: { url: string; method: string; authorization: string | null; body: unknown }[] = [];
  let current = token;
  let renewals = 0;
  const client = createClient({
    token: () => current,
    renew: async () => {
      renewals += 1;
      current = "new";
      return true;
    },
    fetch: async (input, init) => {
      calls.push({
        url: String(input),
        method: init?.method ?? "GET",
        authorization: new Headers(init?.headers).get("authorization"),
        body: init?.body === undefined ? undefined : JSON.parse(String(init.body)),
      });
      const answer = answers.shift();
      if (answer === undefined) throw new TypeError("network down");
      return new Response(answer.body === undefined ? null : JSON.stringify(answer.body), {
        status: answer.status,
      });
    },
  });
  return { client, calls, renewals: () => renewals };
}

describe("client", () => {
  it("asks again for one file of a message", async () => {
    const { client, calls } = stub([{ status: 200, body: {} }]);
    await client.messages.fetchAgain("msg_1", "att_2");
    expect(calls.map((call) => [call.method, call.url])).toEqual([["POST", "/api/v1/messages/msg_1/attachments/att_2/fetch"]]);
  });

  it("sends a condition as JSON and leaves out what is empty", async () => {
    const { client, calls } = stub([
      { status: 200, body: { items: [], next: null } },
      { status: 200, body: { items: [], next: null } },
    ]);
    const filter = { all: [{ field: "status", op: "in" as const, value: ["new", "open"] }] };
    await client.conversations.list({ filter, sort: "waiting" }, { cursor: null, limit: 20 });
    await client.conversations.list({}, { cursor: "c" });
    const asked = new URL(calls[0]?.url ?? "", "http://host");
    expect(asked.pathname).toBe("/api/v1/conversations");
    expect([...asked.searchParams.keys()]).toEqual(["filter", "sort", "limit"]);
    expect(JSON.parse(asked.searchParams.get("filter") ?? "")).toEqual(filter);
    expect(calls[1]?.url).toBe("/api/v1/conversations?cursor=c");
  });

  it("puts ids into paths escaped, and sends a body only where the route takes one", async () => {
    const { client, calls } = stub([
      { status: 200, body: {} },
      { status: 200, body: {} },
      { status: 204 },
    ]);
    await client.conversations.assign("conv_a/b", { operator_id: null });
    await client.operators.invite("op_1");
    expect(await client.inboxes.remove("inb_1")).toBeUndefined();
    expect(calls.map((c) => [c.method, c.url, c.body])).toEqual([
      ["POST", "/api/v1/conversations/conv_a%2Fb/assign", { operator_id: null }],
      ["POST", "/api/v1/operators/op_1/invite", undefined],
      ["DELETE", "/api/v1/inboxes/inb_1", undefined],
    ]);
  });

  it("renews the token once after a 401 and repeats the call with the new one", async () => {
    const { client, calls, renewals } = stub([
      { status: 401, body: { code: "unauthenticated", status: 401 } },
      { status: 200, body: { items: [] } },
    ]);
    await client.operators.list();
    expect(renewals()).toBe(1);
    expect(calls.map((c) => c.authorization)).toEqual(["Bearer old", "Bearer new"]);
  });

  it("does not renew for sign-in, where a 401 means a wrong password", async () => {
    const { client, renewals } = stub([
      { status: 401, body: { code: "unauthenticated", status: 401, title: "No", request_id: "r1" } },
    ]);
    const error = await client.auth.signIn({ email: "a", password: "b" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).requestId).toBe("r1");
    expect(renewals()).toBe(0);
  });

  it("gives field messages from the problem document", async () => {
    const { client } = stub([
      {
        status: 422,
        body: {
          type: "about:blank",
          title: "Invalid",
          status: 422,
          code: "invalid",
          request_id: "r2",
          errors: [{ field: "email", code: "taken", message: "Already used" }],
        },
      },
    ]);
    const error = (await client.operators
      .create({ name: "n", email: "e", role: "operator", capacity: 5 })
      .catch((e: unknown) => e)) as ApiError;
    expect(error.code).toBe("invalid");
    expect(error.field("email")).toBe("Already used");
    expect(error.isTemporary).toBe(false);
  });

  it("marks an unanswered request as a network failure", async () => {
    const { client } = stub([]);
    const error = (await client.operators.list().catch((e: unknown) => e)) as ApiError;
    expect(error.isNetwork).toBe(true);
    expect(error.isTemporary).toBe(true);
  });

  it("survives a failure that is not a problem document", async () => {
    const { client } = stub([{ status: 502 }]);
    const error = (await client.operators.list().catch((e: unknown) => e)) as ApiError;
    expect(error.status).toBe(502);
    expect(error.isTemporary).toBe(true);
  });
});
