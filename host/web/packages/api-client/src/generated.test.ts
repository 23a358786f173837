/** A client of others, openapi-fetch, over the generated types: what it takes and gives is what the document says. */
import createClient from "openapi-fetch";
import { expect, expectTypeOf, it } from "vitest";
import type { components, paths } from "./generated/openapi.ts";

type Schemas = components["schemas"];

function client(status: number, body: unknown) {
  const asked: Request[] = [];
  const made = createClient<paths>({
    baseUrl: "https://chat.example.org",
    fetch: async (request) => {
      asked.push(request);
      return Response.json(body, { status });
    },
  });
  return { made, asked };
}

it("lists take their filters and give typed rows", async () => {
  const { made, asked } = client(200, { items: [], next: null });
  const { data } = await made.GET("/api/v1/conversations", {
    params: { query: { filter: '{"all":[]}', sort: "waiting", limit: 5 } },
  });
  expectTypeOf<NonNullable<typeof data>["items"]>().toEqualTypeOf<Schemas["Conversation"][]>();
  expect(data?.items).toEqual([]);
  expect(asked[0]?.url).toBe("https://chat.example.org/api/v1/conversations?filter=%7B%22all%22%3A%5B%5D%7D&sort=waiting&limit=5");
  // @ts-expect-error there is no such filter
  await made.GET("/api/v1/conversations", { params: { query: { fliter: "{}" } } });
});

it("bodies are typed, and only those that may be left out are optional", async () => {
  const { made, asked } = client(200, {});
  const params = { path: { id: "conv_0192f0c1a2b37c4d8e5f60718293a4b5" } };
  await made.POST("/api/v1/conversations/{id}/take", { params });
  await made.POST("/api/v1/conversations/{id}/messages", {
    params,
    body: { client_key: "5f0c2e5d-7a4c", kind: "reply", text: "Good morning!" },
  });
  // @ts-expect-error a message needs a key
  await made.POST("/api/v1/conversations/{id}/messages", { params, body: { kind: "reply" } });
  expect(asked.map((request) => request.method)).toEqual(["POST", "POST", "POST"]);
});
