import AxeBuilder from "@axe-core/playwright";
import { answerFirst, makeOrderBot, makeOrderStatus } from "../fixtures/plugins.ts";
import { makeSandbox, makeWidget } from "../fixtures/team.ts";
import { expect, test } from "../fixtures/test.ts";
import type { Page } from "@playwright/test";

/** Faults against WCAG 2.2 A and AA that a program can find. */
async function faults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze();
  return violations.flatMap((v) => v.nodes.map((node) => `${v.id}: ${node.html.slice(0, 200)} ${node.failureSummary ?? ""}`));
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`the console has no fault that a program can find, ${colorScheme}`, async ({ owner, consoleOf }) => {
    const inbox = await makeSandbox(owner);
    await owner.api.inboxes.simulate(inbox.id, { chat: "p1", name: "Mira", action: "message", text: "Is it open?" });
    await owner.api.phrases.create({ shortcut: "hours", text: "From nine to six" });
    for (const colour of ["grey", "red", "amber", "green", "teal", "blue", "violet", "pink"] as const) {
      await owner.api.tags.create({ name: `is ${colour}`, colour, description: "When it is so" });
    }
    const { items } = await owner.api.conversations.list({}, {});
    await owner.api.conversations.update(items[0]?.id ?? "", { tags: ["free", "is amber", "is blue", "is red"] });
    const desk = await consoleOf(owner, "/inbox?view=open", { colorScheme, reducedMotion: "reduce" });
    await desk.openConversation("Mira");
    await desk.reply("It is");
    await desk.note("Asked before");
    await expect(desk.messages).toHaveCount(3);
    expect(await faults(desk.page)).toEqual([]);
    await desk.noteField.pressSequentially("/");
    await expect(desk.page.getByRole("option", { name: "/hours" })).toBeVisible();
    expect(await faults(desk.page)).toEqual([]);
    await desk.visit("/phrases");
    await expect(desk.page.getByTestId("phrase-row")).toBeVisible();
    expect(await faults(desk.page)).toEqual([]);
    await desk.visit("/tags");
    await expect(desk.page.getByTestId("tag-row")).toHaveCount(8);
    expect(await faults(desk.page)).toEqual([]);
    await desk.page.getByRole("button", { name: "Add a tag" }).click();
    await expect(desk.page.getByRole("dialog", { name: "New tag" })).toBeVisible();
    expect(await faults(desk.page)).toEqual([]);
    await desk.visit("/customers");
    await expect(desk.page.getByTestId("customer-row")).toHaveCount(1);
    expect(await faults(desk.page)).toEqual([]);
    await desk.page.getByRole("button", { name: "Filter" }).click();
    const filter = desk.page.getByRole("dialog", { name: "Which customers" });
    await filter.getByRole("button", { name: "Add a condition" }).click();
    expect(await faults(desk.page)).toEqual([]);
    await desk.visit(`/channels/${inbox.id}`);
    await expect(desk.page.getByRole("heading", { level: 1, name: "Training" })).toBeVisible();
    expect(await faults(desk.page)).toEqual([]);
  });

  test(`saved views have no fault that a program can find, ${colorScheme}`, async ({ owner, consoleOf }) => {
    const filter = {
      all: [
        { field: "priority", op: "in" as const, value: ["high", "urgent"] },
        { field: "waiting_since", op: "older_than" as const, value: 3600 },
        { any: [{ field: "attributes.plan", op: "is" as const, value: "pro" }] },
        { not: { field: "unread", op: "is" as const, value: true } },
      ],
    };
    await owner.api.views.create({ name: "Late", filter, sort: "waiting", owner_id: null });
    const desk = await consoleOf(owner, "/inbox?view=open", { colorScheme, reducedMotion: "reduce" });
    const { page } = desk;
    const view = page.getByTestId("saved-view");
    await view.getByRole("link").click();
    await expect(page.getByRole("heading", { level: 1, name: "Late" })).toBeVisible();
    expect(await faults(page)).toEqual([]);
    await view.hover();
    await page.getByRole("button", { name: "Actions: Late" }).click();
    await page.getByRole("menuitem", { name: "Edit" }).click();
    const dialog = page.getByRole("dialog", { name: "Late" });
    await expect(dialog.getByRole("group", { name: "Group 3" })).toBeVisible();
    await dialog.getByRole("button", { name: "Add a condition" }).click();
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog.getByText("Fill this in")).toBeVisible();
    expect(await faults(page)).toEqual([]);
  });

  test(`the pages of administrators have no fault that a program can find, ${colorScheme}`, async ({ owner, consoleOf }) => {
    await makeSandbox(owner);
    const desk = await consoleOf(owner, "/inbox?view=open", { colorScheme, reducedMotion: "reduce" });
    for (const [path, heading] of [["/channels", "Channels"], ["/team", "Team"], ["/team/keys", "API keys"], ["/team/roles", "Roles"], ["/audit", "Audit log"]] as const) {
      await desk.visit(path);
      await expect(desk.page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
      expect(await faults(desk.page), path).toEqual([]);
    }
  });
}

test("bots and tools have no fault that a program can find", async ({ desk, owner }) => {
  const inbox = await makeSandbox(owner);
  const tools = await makeOrderStatus(owner, "https://shop.example.org/{order}");
  const bot = await makeOrderBot(owner);
  await answerFirst(owner, bot, inbox);
  await owner.api.inboxes.simulate(inbox.id, { chat: "p1", name: "Mira", action: "message", text: "Hello" });
  await desk.openConversation("Mira");
  await expect(desk.botChip).toHaveText("Order bot answers");
  expect(await faults(desk.page)).toEqual([]);
  for (const [path, heading] of [
    ["/automations", "Bots and tools"],
    ["/automations/new", "What to set up"],
    ["/automations/new/order-bot", "Order bot"],
    [`/automations/${bot.id}`, "Order bot"],
    [`/automations/${tools.id}`, "Shop"],
  ] as const) {
    await desk.visit(path);
    await expect(desk.page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
    expect(await faults(desk.page), path).toEqual([]);
  }
});

test("the widget has no fault that a program can find", async ({ owner, visitorOf }) => {
  const visitor = await visitorOf(await makeWidget(owner, { prechat_enabled: true, prechat_name: "required" }), { reducedMotion: "reduce" });
  await visitor.open();
  await expect(visitor.frame.getByLabel("Name")).toBeVisible();
  expect(await faults(visitor.page)).toEqual([]);
  await visitor.frame.getByLabel("Name").fill("Mira");
  await visitor.frame.getByRole("button", { name: "Start chat" }).click();
  await visitor.say("Hello");
  await expect(visitor.bubble("Hello")).toBeVisible();
  expect(await faults(visitor.page)).toEqual([]);
});
