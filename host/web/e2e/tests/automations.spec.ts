import type { Locator, Page, Route } from "@playwright/test";
import { answerFirst, component, install, makeOrderBot, makeOrderStatus } from "../fixtures/plugins.ts";
import { Shop } from "../fixtures/shop.ts";
import { makeMember, makeSandbox, makeWidget } from "../fixtures/team.ts";
import { expect, test } from "../fixtures/test.ts";

const refused = { text: /status of (409|422)/, at: /\/api\/v1\/automations/ };

// A host that is built for tests compiles a plugin for a quarter of a minute where others compile beside it.
test.describe.configure({ timeout: 150_000 });
const compiled = { timeout: 60_000 };

/** Installs a plugin as an administrator does, and goes on to its settings. */
async function installOnPage(page: Page, name: "order-bot" | "order-status", title: string): Promise<void> {
  await page.getByRole("link", { name: "Plugins" }).click();
  await page.getByRole("button", { name: "Install a plugin" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.locator('input[type="file"]').setInputFiles(component(name));
  await dialog.getByRole("button", { name: "Install", exact: true }).click();
  await page.getByRole("dialog", { name: `What ${title} asks for` }).getByRole("button", { name: "Approve and run" }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  await expect(page.getByTestId("plugin-state")).toHaveText("Running", compiled);
  await page.getByRole("button", { name: "Set up" }).click();
  await expect(page.getByLabel("Name")).toHaveValue(title);
}

const rowOf = (page: Page, title: string): Locator => page.getByTestId("automation-row").filter({ hasText: title });

test("a bot and its tools are installed, set up, told where to answer, changed and removed", async ({ desk, owner, watch }) => {
  watch.allow(refused);
  const inbox = await makeSandbox(owner);
  const { page } = desk;
  await page.getByRole("link", { name: "Bots and tools" }).click();
  await expect(page.getByText(/no plugin|none runs here yet/)).toBeVisible();
  await page.getByRole("button", { name: "To the plugins" }).click();

  // A setting that cannot work is refused by the tool itself, at its field.
  await installOnPage(page, "order-status", "Order status");
  const address = page.getByLabel("Address of an order");
  await page.getByRole("button", { name: "Set up" }).click();
  await expect(address).toHaveAccessibleDescription(/Fill this in/);
  await address.fill("https://shop.example.org/orders");
  await page.getByRole("button", { name: "Set up" }).click();
  await expect(address).toHaveAccessibleDescription(/this needs \{order\} where the number belongs/);
  await expect(address).toHaveAttribute("aria-invalid", "true");
  await address.fill("https://shop.example.org/orders/{order}");
  await page.getByLabel("Token").fill("secret of the shop");
  await page.getByRole("button", { name: "Set up" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Order status" })).toBeVisible();
  await expect(page.getByTestId("tool-row")).toContainText("order-status/order_status");
  await expect(page.getByTestId("tool-row")).toContainText("Changes nothing");
  await expect(page.getByLabel("Token")).toHaveValue("Stored, not shown");
  expect(await page.content()).not.toContain("secret of the shop");

  await installOnPage(page, "order-bot", "Order bot");
  await page.getByLabel("Name").fill("Parcel bot");
  // What is wrong in a folded part unfolds it.
  await expect(page.getByLabel("Greeting, asks for the number")).toHaveCount(0);
  await page.getByRole("button", { name: "Texts in English" }).click();
  const greeting = page.getByLabel("Greeting, asks for the number");
  await greeting.fill("");
  await page.getByRole("button", { name: "Texts in English" }).click();
  await expect(greeting).toHaveCount(0);
  await page.getByRole("button", { name: "Set up" }).click();
  await expect(greeting).toHaveAccessibleDescription(/this is required/);
  await greeting.fill("Good day. Which order?");
  await page.getByRole("button", { name: "Set up" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Parcel bot" })).toBeVisible();
  await page.getByRole("switch", { name: "Training" }).click();
  await expect(page.getByText("Parcel bot answers first in Training")).toBeVisible();

  // What another administrator changes is seen at once, and not overwritten by who was a moment slower.
  const [bot] = (await owner.api.automations.list()).items.filter((a) => a.role === "scenario");
  if (bot === undefined) throw new Error("no bot was made");
  const quicker = async (route: Route) => {
    const { version } = await owner.api.automations.get(bot.id);
    await owner.api.automations.update(bot.id, { title: "Night bot", version });
    await route.continue();
  };
  await owner.api.automations.update(bot.id, { enabled: false, version: bot.version });
  await expect(page.getByRole("switch", { name: "The bot is on" })).not.toBeChecked();
  await page.getByRole("switch", { name: "The bot is on" }).click();
  await expect(page.getByText("Parcel bot is on")).toBeVisible();
  await page.getByLabel("Tries").fill("5");
  await page.route(`**/api/v1/automations/${bot.id}`, quicker, { times: 1 });
  await page.getByRole("button", { name: "Save" }).last().click();
  await expect(page.getByText("Somebody else has just changed this.")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: "Night bot" })).toBeVisible();
  await expect(page.getByLabel("Tries")).toHaveValue("5");
  await page.getByRole("button", { name: "Save" }).last().click();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  const now = await owner.api.automations.get(bot.id);
  const texts = { greeting: "Good day. Which order?" };
  expect(now).toMatchObject({ title: "Night bot", enabled: true, config: { tries: 5, english: texts } });
  expect((await owner.api.inboxes.get(inbox.id)).scenario).toBe(bot.id);

  await page.getByRole("link", { name: "Bots and tools" }).click();
  await expect(rowOf(page, "Night bot")).toContainText("answers in Training");
  await expect(rowOf(page, "Order status")).toContainText("order-status/order_status");

  // It answers somewhere, so it stays.
  await rowOf(page, "Night bot").getByRole("link").click();
  const remove = page.getByRole("region", { name: "Remove the bot" });
  await expect(remove).toContainText("It answers first in Training. Switch that off before removing it.");
  await expect(remove.getByRole("button")).toBeDisabled();
  await expect(owner.api.automations.remove(bot.id)).rejects.toThrow("it answers in the inbox «Training»");
  await page.getByRole("switch", { name: "Training" }).click();
  await expect(page.getByText("People answer in Training")).toBeVisible();
  await remove.getByRole("button").click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove the bot" }).click();
  await expect(page.getByText("Night bot is removed")).toBeVisible();
  await expect(rowOf(page, "Night bot")).toHaveCount(0);
  await expect(rowOf(page, "Order status")).toBeVisible();
});

test("a visitor talks to a bot that asks the shop, and then to a person", async ({ desk, owner, visitorOf, closing }) => {
  const shop = await Shop.start({ 4711: { status: "on its way", eta: "25 November" } });
  closing(() => shop.close());
  const inbox = await makeWidget(owner, { greeting: "" });
  await makeOrderStatus(owner, shop.orderUrl);
  await answerFirst(owner, await makeOrderBot(owner), inbox);
  const visitor = await visitorOf(inbox);
  await visitor.open();
  await visitor.say("Hello");
  await expect(visitor.bubble("I can tell you where your order is")).toBeVisible();
  await visitor.say("It is the lamp");
  await expect(visitor.bubble("That does not look like an order number")).toBeVisible();

  const row = desk.rows.first();
  await expect(row.getByTestId("bot-mark")).toHaveText("Order bot");
  // What a bot takes care of does not ask for attention, however much of it nobody has read.
  await expect(row.getByLabel("2 unread")).toBeVisible();
  await expect(row).toHaveAttribute("data-unread", "false");
  await row.click();
  await expect(desk.botChip).toHaveText("Order bot answers");
  await expect(desk.page.getByText("Order bot answers here. Your reply takes the conversation over.")).toBeVisible();

  await visitor.say("4711");
  await expect(visitor.bubble("Order 4711: on its way. Expected delivery: 25 November.")).toBeVisible();
  await visitor.button("Another order").click();
  await expect(visitor.bubble("What is the number of the order?")).toBeVisible();
  await visitor.say("4712");
  await expect(visitor.bubble("I cannot find order 4712")).toBeVisible();
  await visitor.say("4711");
  // The same question again, and its buttons can be pressed again.
  await expect(visitor.bubble("Order 4711: on its way")).toHaveCount(2);
  await expect(visitor.button("Another order")).toBeEnabled();
  expect(shop.asked).toEqual(["4711", "4712", "4711"]);
  await expect(desk.botChip).toBeVisible();

  await visitor.button("Talk to a person").click();
  await expect(visitor.bubble("I am passing you on to a colleague")).toBeVisible();
  await expect(desk.timeline.getByText("Order bot handed over to people")).toBeVisible();
  await expect(desk.message("The customer asks for a person.")).toContainText("4712: there is no such order");
  await expect(desk.botChip).toHaveCount(0);
  await expect(row.getByTestId("bot-mark")).toHaveCount(0);
  await desk.reply("Alex here, how can I help?");
  await expect(visitor.bubble("Alex here, how can I help?")).toBeVisible();
  await visitor.say("4711");
  await expect(desk.message("4711").last()).toBeVisible();
  await expect(visitor.bubble("Order 4711: on its way")).toHaveCount(2);
});

test("an operator takes over in the middle, and a failing tool hands over by itself", async ({ desk, owner, host, consoleOf }) => {
  const inbox = await makeSandbox(owner);
  // Nobody listens there.
  await makeOrderStatus(owner, "http://127.0.0.1:9/{order}");
  await answerFirst(owner, await makeOrderBot(owner), inbox);
  const stage = await desk.page.context().newPage();
  await stage.goto(new URL(`/sandbox/${inbox.id}`, desk.page.url()).href);
  const phone = stage.getByRole("region", { name: "The customer's phone" });
  const write = async (text: string) => {
    await phone.getByRole("textbox", { name: "Message" }).fill(text);
    await phone.getByRole("textbox", { name: "Message" }).press("Enter");
  };
  await stage.getByLabel("Customer's name").fill("Mira");
  await write("Hello");
  await expect(phone.getByText("I can tell you where your order is")).toBeVisible();
  await desk.openConversation("Mira");
  await expect(desk.timeline.getByRole("group", { name: "Buttons of the message" })).toHaveText("Talk to a person");
  await expect(desk.botChip).toHaveText("Order bot answers");

  // Who may not assign is offered the same.
  const operator = await makeMember(host, owner, "Kim", "operator");
  const second = await consoleOf(operator, "/inbox?view=unassigned");
  // What a bot answers waits for nobody.
  await expect(second.page.getByText("Mira")).toHaveCount(0);
  await second.page.getByRole("link", { name: /^All open/ }).click();
  await second.openConversation("Mira");
  await expect(second.page.getByRole("button", { name: "Take over" })).toBeVisible();

  await desk.page.getByRole("button", { name: "Take over" }).click();
  await expect(desk.assignee("You")).toBeVisible();
  await expect(desk.botChip).toHaveCount(0);
  await expect(desk.row("Mira").getByTestId("bot-mark")).toHaveCount(0);
  await write("4711");
  await expect(desk.message("4711")).toBeVisible();
  await desk.reply("I look it up myself");
  await expect(phone.getByText("I look it up myself")).toBeVisible();
  await expect(phone.getByText("One moment")).toHaveCount(0);

  await stage.getByRole("button", { name: "Start as another customer" }).click();
  await stage.getByLabel("Customer's name").fill("Noor");
  await write("Where is 4711?");
  await expect(phone.getByText("I cannot look it up right now")).toBeVisible();
  await desk.openConversation("Noor");
  await expect(desk.timeline.getByText("Order bot handed over to people")).toBeVisible();
  await expect(desk.message("The lookup failed")).toBeVisible();
  await expect(desk.botChip).toHaveCount(0);

  await stage.getByRole("button", { name: "Start as another customer" }).click();
  await stage.getByLabel("Customer's name").fill("Robin");
  await write("Hello");
  await phone.getByRole("button", { name: "Talk to a person" }).click();
  await expect(phone.getByText("I am passing you on to a colleague")).toBeVisible();
});

test("a channel says who answers first; two bots, and a plugin that is off", async ({ desk, owner, host, consoleOf }) => {
  const inbox = await makeSandbox(owner);
  const first = await makeOrderBot(owner);
  await makeOrderBot(owner, "Night bot");
  const { page } = desk;
  await desk.visit(`/channels/${inbox.id}`);
  await page.getByRole("combobox", { name: "Answers first" }).click();
  await page.getByRole("option", { name: "Night bot" }).click();
  await page.getByRole("region", { name: "General" }).getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();

  await desk.visit(`/automations/${first.id}`);
  const here = page.getByRole("switch", { name: "Training" });
  await expect(here).toHaveAccessibleDescription("Night bot answers here now");
  await here.click();
  await expect(page.getByText("Order bot answers first in Training")).toBeVisible();
  await desk.visit("/channels");
  await expect(page.getByTestId("inbox-row")).toContainText("Order bot answers first");
  await page.getByRole("link", { name: /^Training/ }).click();
  await expect(page.getByRole("combobox", { name: "Answers first" })).toHaveValue("Order bot");
  await page.getByRole("combobox", { name: "Answers first" }).click();
  await page.getByRole("option", { name: "People" }).click();
  await page.getByRole("region", { name: "General" }).getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  expect((await owner.api.inboxes.get(inbox.id)).scenario).toBeNull();

  await owner.api.plugins.disable("order-bot");
  await desk.visit("/automations");
  await expect(rowOf(page, "Night bot")).toContainText("Its plugin does not run");
  await rowOf(page, "Night bot").getByRole("link").click();
  await expect(page.getByText("the bot answers nobody, its conversations go to people")).toBeVisible();
  await expect(page.getByRole("region", { name: "Settings" })).toHaveCount(0);
  await page.getByRole("link", { name: "To the plugin" }).click();
  await expect(page.getByTestId("plugin-state")).toHaveText("Off");

  const operator = await makeMember(host, owner, "Kim", "operator");
  const other = await consoleOf(operator);
  await expect(other.page.getByRole("link", { name: "Inbox" })).toBeVisible();
  await expect(other.page.getByRole("link", { name: "Bots and tools" })).toHaveCount(0);
});

test("tools are set up once: their plugin leads to what is there", async ({ desk, owner }) => {
  await install(owner, "order-bot");
  const tools = await makeOrderStatus(owner, "https://shop.example.org/{order}");
  const { page } = desk;
  await desk.visit("/plugins/order-status");
  await page.getByRole("button", { name: "To the settings" }).click();
  await expect(page).toHaveURL(new RegExp(`/automations/${tools.id}$`));
  await desk.visit("/automations/new");
  await page.getByRole("button", { name: /^Tools Order status.*Set up already/ }).click();
  await expect(page).toHaveURL(new RegExp(`/automations/${tools.id}$`));
  await desk.visit("/automations/new");
  await page.getByRole("button", { name: /^Bot Order bot/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Order bot" })).toBeVisible();
});
