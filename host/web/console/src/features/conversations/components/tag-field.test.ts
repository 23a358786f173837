import { MantineProvider } from "@mantine/core";
import type { Tag } from "@omnichat/api-client/types";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import i18next from "i18next";
import { createElement, createRef } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { initReactI18next } from "react-i18next";
import { beforeAll, expect, it } from "vitest";
import en from "~/locales/en/index.ts";
import { keys } from "~/queries/keys.ts";
import { conversation, operator } from "~/realtime/fixtures.ts";
import { TagField } from "./tag-field.tsx";

beforeAll(() => i18next.use(initReactI18next).init({ lng: "en", resources: { en: { translation: en } } }));

const times = { created_at: "2026-01-01T10:00:00Z", updated_at: "2026-01-01T10:00:00Z" };
const vip: Tag = { id: "tag_1", name: "VIP", colour: "violet", description: "Buys a lot", version: 1, ...times };

/** What is drawn of a conversation's tags: each with its colour. */
function drawn(tags: string[], readOnly = false) {
  const client = new QueryClient();
  client.setQueryData(keys.me, {
    operator: operator(),
    tenant: { id: "t", name: "T" },
    permissions: ["conversations.read_all"],
    public_url: null,
  });
  client.setQueryData(keys.entities("tag"), { items: [vip], damaged: [] });
  const field = createElement(TagField, {
    conversation: conversation({ tags }),
    readOnly,
    labelClass: undefined,
    ref: createRef<HTMLInputElement>(),
    onChange: () => undefined,
  });
  const markup = renderToStaticMarkup(
    createElement(QueryClientProvider, { client }, createElement(MantineProvider, null, field)),
  );
  const pills = [...markup.matchAll(/data-colour="(\w+)"[^>]*>.*?<span[^>]*>([^<]+)<\/span>/g)];
  return { markup, pills: pills.map(([, colour, name]) => `${name}: ${colour}`) };
}

it("shows each tag in its colour, and what nobody has described in grey", () => {
  const { markup, pills } = drawn(["VIP", "vip", "late"]);
  expect(pills).toEqual(["VIP: violet", "vip: grey", "late: grey"]);
  expect(markup).toContain('title="Buys a lot"');
});

it("invites to add one where there is none", () => {
  expect(drawn([]).markup).toContain(`placeholder="${en.conversation.add_tag}"`);
});

it("takes none away from those who may only look", () => {
  const buttons = (markup: string) => markup.match(/<button/g)?.length ?? 0;
  expect(buttons(drawn(["VIP"]).markup)).toBe(1);
  expect(buttons(drawn(["VIP"], true).markup)).toBe(0);
});
