import { expect, test } from "../fixtures/test.ts";

test("a Telegram bot is connected from the form: checks by field, test of the connection, saving, switching off", async ({ desk, telegram }) => {
  const { page } = desk;
  await page.getByRole("link", { name: "Channels" }).click();
  await page.getByRole("button", { name: "Connect a channel" }).first().click();
  await page.getByRole("button", { name: /^Telegram/ }).click();

  await page.getByRole("button", { name: "Connect", exact: true }).click();
  const token = page.getByLabel("Bot token");
  await expect(token).toHaveAttribute("aria-invalid", "true");
  await expect(token).toHaveAccessibleDescription(/Fill this in/);
  await token.fill("no token at all");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByText("This does not look right")).toBeVisible();

  const { token: right, base_url } = telegram.config() as { token: string; base_url: string };
  await token.fill(right);
  await page.getByLabel("Address of the Bot API").fill("http://127.0.0.1:9");
  await page.getByRole("button", { name: "Test the connection" }).click();
  await expect(page.getByText(/^No connection: /)).toBeVisible();

  await page.getByLabel("Address of the Bot API").fill(base_url);
  await page.getByRole("button", { name: "Test the connection" }).click();
  await expect(page.getByText("The connection works: Fixture")).toBeVisible();

  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Shop bot");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Shop bot", level: 1 })).toBeVisible();
  // The token can be replaced but not read.
  await expect(page.getByLabel("Bot token")).toHaveValue("Stored, not shown");
  expect(await page.content()).not.toContain(right);

  // What is connected is tried at once, without being asked.
  await expect(page.getByRole("region", { name: "Connection" })).toContainText("Works");
  await page.getByRole("switch", { name: "The channel is on" }).click();
  await expect(page.getByText("Shop bot is off")).toBeVisible();
  await page.getByRole("link", { name: "Channels" }).click();
  await expect(page.getByTestId("inbox-row").filter({ hasText: "Shop bot" })).toContainText("Off");
});

test("a widget is connected from the form and its code works on a site", async ({ desk, owner, visitorOf }) => {
  const { page } = desk;
  await desk.visit("/channels/new");
  await page.getByRole("button", { name: /^Web widget/ }).click();
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Shop chat");
  await page.getByLabel("Greeting").fill("Good day");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Shop chat", level: 1 })).toBeVisible();
  const [inbox] = (await owner.api.inboxes.list()).items;
  if (inbox === undefined) throw new Error("no inbox was made");
  await expect(page.getByText(new RegExp(`omni\\('init', ?'${inbox.id}'\\)`)).first()).toBeVisible();

  await page.getByLabel("Colour").fill("#8a2be2");
  await page.getByRole("button", { name: "Save" }).last().click();
  await expect(page.getByText("Saved")).toBeVisible();
  const visitor = await visitorOf(inbox);
  await visitor.open();
  await expect(visitor.frame.getByText("Good day")).toBeVisible();
  await expect(visitor.launcher).toHaveCSS("background-color", "rgb(138, 43, 226)");
});

test("the address of a webhook is there to be copied, for who sets the platform up by hand", async ({ owner, host, consoleOf }) => {
  const inbox = await owner.api.inboxes.create({ kind: "api", title: "Warehouse", config: { signing_secret: "0123456789abcdef0123456789abcdef", outgoing_url: "http://127.0.0.1:9/out" }, routing: "manual", proxy_url: null });
  const { page } = await consoleOf(owner, `/channels/${inbox.id}`, { permissions: ["clipboard-read", "clipboard-write"] });
  const webhook = page.getByRole("region", { name: "Webhook" });
  await expect(webhook).toContainText("Enter this address at the platform");
  await webhook.getByRole("button", { name: "Copy" }).click();
  await expect(webhook.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${host.url}/webhooks/${inbox.id}`);
});

test.describe("a host that is told its address", () => {
  test.use({ settings: { OMNICHAT_SERVER__PUBLIC_URL: "http://chat.example.org" } });

  test("names that in webhooks, whichever address the console was opened at", async ({ owner, consoleOf }) => {
    const config = { signing_secret: "0123456789abcdef0123456789abcdef", outgoing_url: "" };
    const inbox = await owner.api.inboxes.create({ kind: "api", title: "Warehouse", config, routing: "manual", proxy_url: null });
    const { page } = await consoleOf(owner, `/channels/${inbox.id}`);
    await expect(page.getByRole("textbox", { name: "Address of the webhook" })).toHaveText(
      `http://chat.example.org/webhooks/${inbox.id}`,
    );
    await expect(page.getByText("The platform must be able to reach this address")).toHaveCount(0);
  });
});

test("a channel is deleted with its settings, conversations stay", async ({ desk, owner }) => {
  const inbox = await owner.api.inboxes.create({ kind: "sandbox", title: "Training", config: {}, routing: "manual", proxy_url: null });
  await owner.api.inboxes.simulate(inbox.id, { chat: "p1", name: "Mira", action: "message", text: "I stay" });
  const { page } = desk;
  await desk.visit(`/channels/${inbox.id}`);
  await page.getByRole("button", { name: "Delete the channel" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete the channel" }).click();
  await expect(page.getByText("Training is deleted")).toBeVisible();
  await desk.visit("/inbox?view=open");
  await desk.row("Mira").click();
  await expect(desk.message("I stay")).toBeVisible();
  await desk.composer.getByRole("tab", { name: "Reply" }).click();
  await expect(page.getByText("The channel was deleted, answers cannot go out.")).toBeVisible();
});
