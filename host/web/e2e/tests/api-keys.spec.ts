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
  await dialog.getByRole("combobox", { name: "Inboxes" }).click();
  await page.getByRole("option", { name: "Training" }).click();
  await expect(dialog.getByLabel("Read the audit log")).toHaveCount(0);
  await page.keyboard.press("Escape");
  await create.click();

  const shown = page.getByRole("dialog", { name: "The key of Order bot" });
  const token = (await shown.getByRole("textbox", { name: "API key" }).textContent()) ?? "";
  expect(token).toMatch(/^oc_[0-9a-f]{64}_[0-9a-f]{48}$/);
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
  await page.getByRole("menuitem", { name: "Replace the secret" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Replace the secret" }).click();
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

test("who may not manage keys does not come to them, on a phone too", async ({ host, owner, consoleOf }) => {
  const senior = await makeMember(host, owner, "Sam", "senior");
  const desk = await consoleOf(senior, "/team", { viewport: { width: 375, height: 740 } });
  await expect(desk.page.getByRole("heading", { level: 1, name: "Team" })).toBeVisible();
  await expect(desk.page.getByRole("button", { name: "API keys" })).toHaveCount(0);
  await desk.visit("/team/keys");
  await expect(desk.page.getByRole("heading", { level: 1, name: "API keys" })).toBeVisible();
  await expect(desk.page.getByTestId("api-key-row")).toHaveCount(0);
});
