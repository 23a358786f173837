import { MantineProvider } from "@mantine/core";
import type { Condition } from "@omnichat/api-client/types";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import i18next from "i18next";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { initReactI18next } from "react-i18next";
import { beforeAll, expect, it } from "vitest";
import { aboutConversations } from "~/lib/condition.ts";
import en from "~/locales/en/index.ts";
import { keys } from "~/queries/keys.ts";
import { operator } from "~/realtime/fixtures.ts";
import { ConditionBuilder } from "./condition-builder.tsx";
import { type Draft, toDraft } from "./draft.ts";

beforeAll(() => i18next.use(initReactI18next).init({ lng: "en", resources: { en: { translation: en } } }));

/** What is drawn of a draft, read off the markup. */
function drawn(draft: Draft, complaints: Record<string, string> = {}, loaded = true) {
  const client = new QueryClient();
  client.setQueryData(keys.me, { operator: operator(), tenant: { id: "t", name: "T" }, permissions: ["operators.read", "inboxes.read"], role_name: null, public_url: null });
  if (loaded) {
    client.setQueryData(keys.operators, { items: [operator({ id: "op_kim", name: "Kim" })] });
    client.setQueryData(keys.inboxes, { items: [] });
  }
  const builder = createElement(ConditionBuilder, { about: aboutConversations, draft, complaints, onChange: () => undefined });
  const providers = createElement(QueryClientProvider, { client }, createElement(MantineProvider, null, builder));
  const markup = renderToStaticMarkup(providers);
  const inputs = [...markup.matchAll(/<input[^>]*>/g)].map(([input]) => ({
    name: /aria-label="([^"]*)"/.exec(input)?.[1],
    value: /\bvalue="([^"]*)"/.exec(input)?.[1],
    type: /\btype="([^"]*)"/.exec(input)?.[1],
  }));
  const shown = inputs.filter(({ name }) => name !== undefined && name !== "").map(({ name, value }) => `${name}: ${value ?? ""}`);
  return { markup, shown, inputs };
}

const draft = (...all: Condition[]) => toDraft(aboutConversations, { all });

it("fits each value with its control", () => {
  const { shown, inputs } = drawn(
    draft(
      { field: "priority", op: "is", value: "urgent" },
      { field: "assignee", op: "is_not", value: "op_kim" },
      { field: "assignee", op: "exists", value: false },
      { field: "unread", op: "is", value: false },
      { field: "unread_count", op: "at_least", value: 3 },
      { field: "waiting_since", op: "older_than", value: 7200 },
      { field: "created_at", op: "from", value: "2026-01-01T10:00:00Z" },
      { field: "attributes.plan", op: "contains", value: "pro" },
    ),
  );
  expect(shown.filter((line) => !line.includes("2026"))).toEqual([
    ...["What: Priority", "How: is", "Value: Urgent"],
    ...["What: Assignee", "How: is not", "Value: Kim"],
    ...["What: Assignee", "How: is nobody"],
    ...["What: Has unread messages", "Value: No"],
    ...["What: Unread messages", "How: at least", "Value: 3"],
    ...["What: Waiting since", "How: longer ago than", "Value: 2", "Unit: h"],
    ...["What: Started", "How: not before"],
    ...["What: Attribute", "Name of the attribute: plan", "How: contains", "Value: pro"],
  ]);
  expect(inputs.map(({ type }) => type)).toContain("datetime-local");
});

it("lists the values of a list, also those that are gone", () => {
  const { markup } = drawn(draft({ field: "inbox", op: "in", value: ["inb_gone"] }, { field: "subject", op: "in", value: ["one", "two"] }));
  for (const word of ["No longer there", "one", "two"]) expect(markup).toContain(`>${word}<`);
});

it("says of nothing that it is gone before it is known", () => {
  const { markup, shown } = drawn(
    draft({ field: "inbox", op: "in", value: ["inb_1"] }, { field: "assignee", op: "is", value: "op_kim" }),
    {},
    false,
  );
  expect(markup).not.toContain("No longer there");
  expect(shown).toContain("Value: Loading");
});

it("shows groups one deep, and keeps what lies deeper", () => {
  const urgent: Condition = { field: "priority", op: "is", value: "urgent" };
  const { markup, shown } = drawn(draft(urgent, { any: [urgent, { field: "tags", op: "has", value: "vip" }] }, { not: urgent }));
  for (const name of ["Condition 1", "Group 2", "Condition 2.1", "Condition 2.2", "Condition 3"]) {
    expect(markup).toContain(`aria-label="${name}"`);
  }
  expect(markup).toContain(en.condition.kept);
  expect(shown.filter((line) => line.startsWith("What"))).toHaveLength(3);
});

it("says at its row what is wrong", () => {
  const rows = draft({ field: "subject", op: "is", value: "a" }, { not: { all: [] } });
  const [first, second] = rows.rows.map(({ key }) => key);
  const { markup } = drawn(rows, { [first ?? ""]: "Too long a text", [second ?? ""]: "Too deep a group" });
  expect([...markup.matchAll(/role="alert">([^<]*)</g)].map(([, text]) => text)).toEqual(["Too long a text", "Too deep a group"]);
});

it("is friendly about nothing", () => {
  expect(drawn(draft()).markup).toContain(en.condition.none.conversation);
});
