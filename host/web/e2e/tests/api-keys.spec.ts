import { makeMember, makeSandbox } from "../fixtures/team.ts";
import { expect, test } from "../fixtures/test.ts";

test("a key is made, copied once, used, renewed and revoked", async ({ desk, owner, host, watch }) => {
  watch.allow({ text: /status of 401/, at: /\/api\/v1\/conversations/ });
  const inbox = await makeSandbox(owner);
  const { page } = desk;
  await page.getByRole("link", { name: "Team" }).click();
  await page.getByRole("button", { name: "API keys" }).click();
  await expect(page.getByText("No program has a key yet")).toBeVisible();
  await page.getByRole("button", { name: "New API key" }).click();
  const dialog = page.getByRole("dialog", { name: "New API key" });
  const create = dialog.getByRole("button", { name: "Create the key" });
  await expect(create).toBeDisabled();
  await dialog.getByLabel("Name").fill("Order bot");
  await dialog.getByLabel("See all conversations").check();
  await dialog.getByLabel("Answer customers").check();
  // What concerns the whole organisation is not offered to a key of some inboxes.
  await expect(dialog.getByLabel("Read the audit log")).toBeVisible();
  await dialog.getByRole("combobox", { name: "Channels" }).click();
  await page.getByRole("option", { name: "Training" }).click();
  await expect(dialog.getByLabel("Read the audit log")).toHaveCount(0);
  await page.keyboard.press("Escape");
  await create.click();

  const shown = page.getByRole("dialog", { name: "The key of Order bot" });
  const token = (await shown.getByRole("textbox", { name: "API key" }).textContent()) ?? "";
  expect(token).toMatch(/^oc_[0-9a-f]{64}_[0-9a-f]{48}$/);
  // What is shown once is not lost by a key, and copying it is the next thing to do.
  await expect(shown.getByRole("button", { name: "Copy" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(shown).toBeVisible();
  await shown.getByRole("button", { name: "I have copied it" }).click();
  expect(await page.content()).not.toContain(token);
  const row = page.getByTestId("api-key-row").filter({ hasText: "Order bot" });
  await expect(row).toContainText("Active");
  await expect(row).toContainText("Training");

  const ask = (key: string): Promise<number> =>
    fetch(`http://127.0.0.1:${host.port}/api/v1/conversations?inbox_id=${inbox.id}`, {
      headers: { authorization: `Bearer ${key}` },
    }).then((answer) => answer.status);
  expect(await ask(token)).toBe(200);

  await row.getByRole("button", { name: "Actions for Order bot" }).click();
  await page.getByRole("menuitem", { name: "Replace the key" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Replace the key" }).click();
  const renewed = (await shown.getByRole("textbox", { name: "API key" }).textContent()) ?? "";
  expect(renewed).not.toBe(token);
  await shown.getByRole("button", { name: "I have copied it" }).click();
  expect(await ask(token)).toBe(200);
  expect(await ask(renewed)).toBe(200);

  await row.getByRole("button", { name: "Actions for Order bot" }).click();
  await page.getByRole("menuitem", { name: "Revoke" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(row).toContainText("Revoked");
  expect(await ask(token)).toBe(401);
  expect(await ask(renewed)).toBe(401);
});

test("keys by what has to be done about them: those that end soon are marked, those that are over come last", async ({ desk, owner }) => {
  const { page } = desk;
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000 - 60_000).toISOString();
  const make = (name: string, days: number) =>
    owner.api.apiKeys.create({ name, permissions: ["messages.send"], inbox_ids: [], expires_at: inDays(days) });
  const { key } = await make("Old export", 30);
  await make("Order bot", 90);
  await make("Price list", 3);
  await owner.api.apiKeys.revoke(key.id);

  await desk.visit("/team/keys");
  const rows = page.getByTestId("api-key-row");
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(0)).toContainText("Order bot");
  await expect(rows.nth(0)).toContainText("Active");
  await expect(rows.nth(1)).toContainText("Expires in 3 days");
  await expect(rows.nth(2)).toContainText("Old export");
  await expect(rows.nth(2)).toContainText("Revoked");
  await expect(rows.nth(2).getByRole("button")).toHaveCount(0);
});

test("a key is changed by keys alone, and the focus comes back to its menu", async ({ desk, owner }) => {
  await owner.api.apiKeys.create({
    name: "Order bot",
    permissions: ["messages.send"],
    inbox_ids: [],
    expires_at: new Date(Date.now() + 90 * 86_400_000).toISOString(),
  });
  const { page } = desk;
  const keys = page.keyboard;
  await desk.visit("/team/keys");
  const menu = page.getByRole("button", { name: "Actions for Order bot" });
  await menu.focus();
  await keys.press("Enter");
  await expect(page.getByRole("menuitem", { name: "Edit" })).toBeFocused();
  await keys.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Order bot" });
  await expect(dialog.getByLabel("Name")).toBeFocused();
  await keys.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(menu).toBeFocused();

  await keys.press("Enter");
  await expect(page.getByRole("menuitem", { name: "Edit" })).toBeFocused();
  await keys.press("Enter");
  await dialog.getByLabel("Name").fill("Shop bot");
  await keys.press("Enter");
  await expect(dialog).toHaveCount(0);
  await expect(page.getByTestId("api-key-row")).toContainText("Shop bot");
});

test("who may not manage keys does not come to them, on a phone too", async ({ host, owner, consoleOf }) => {
  const senior = await makeMember(host, owner, "Sam", "senior");
  const desk = await consoleOf(senior, "/team", { viewport: { width: 375, height: 740 } });
  await expect(desk.page.getByRole("heading", { level: 1, name: "Team" })).toBeVisible();
  await expect(desk.page.getByRole("button", { name: "API keys" })).toHaveCount(0);
  await desk.visit("/team/keys");
  await expect(desk.page.getByRole("heading", { level: 1, name: "API keys" })).toBeVisible();
  await expect(desk.page.getByTestId("api-key-row")).toHaveCount(0);
});
