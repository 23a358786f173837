import { makeSandbox } from "../fixtures/team.ts";
import { expect, test } from "../fixtures/test.ts";

test("a snoozed conversation leaves the list and comes back with the customer's next message", async ({ desk, owner }) => {
  const inbox = await makeSandbox(owner);
  await owner.api.inboxes.simulate(inbox.id, { chat: "p1", name: "Mira", action: "message", text: "Not today" });
  const { page } = desk;
  await desk.openConversation("Mira");
  await page.getByRole("button", { name: "Snooze" }).click();
  await page.getByRole("menuitem", { name: /Until tomorrow/ }).click();
  await expect(desk.row("Mira")).toHaveCount(0);
  await page.getByRole("link", { name: /^Snoozed/ }).click();
  await expect(desk.row("Mira")).toBeVisible();
  await expect(desk.row("Mira").getByLabel("Snoozed")).toBeVisible();

  await owner.api.inboxes.simulate(inbox.id, { chat: "p1", name: "Mira", action: "message", text: "Now after all" });
  await expect(desk.row("Mira")).toHaveCount(0);
  await page.getByRole("link", { name: /^All open/ }).click();
  await desk.openConversation("Mira");
  await expect(desk.message("Now after all")).toBeVisible();
});

test("views, filters and spam", async ({ desk, owner }) => {
  const inbox = await makeSandbox(owner);
  for (const name of ["Mira", "Noor"]) {
    await owner.api.inboxes.simulate(inbox.id, { chat: name, name, action: "message", text: `Hello from ${name}` });
  }
  const { page } = desk;
  await desk.openConversation("Mira");
  await desk.more("Take");
  await page.getByRole("link", { name: /^Mine/ }).click();
  await expect(desk.rows).toHaveCount(1);
  await expect(desk.row("Mira")).toBeVisible();
  await page.getByRole("link", { name: /^Unassigned/ }).click();
  await expect(desk.rows).toHaveCount(1);
  await desk.openConversation("Noor");
  await desk.more("Mark as spam");
  await expect(desk.rows).toHaveCount(0);
  await page.getByRole("link", { name: /^Spam/ }).click();
  await expect(desk.row("Noor")).toBeVisible();
  await desk.undo("Marked as spam");
  await expect(desk.rows).toHaveCount(0);
});

test("what was not understood waits in the quarantine and can be tried again", async ({ desk, owner, host }) => {
  const inbox = await owner.api.inboxes.create({
    kind: "telegram",
    title: "Shop bot",
    config: { token: "100200300:AAbbCCdd", mode: "webhook", base_url: "http://127.0.0.1:9", webhook_secret: "a-known-secret" },
    routing: "manual",
    proxy_url: null,
  });
  const answer = await fetch(`http://127.0.0.1:${host.port}/webhooks/${inbox.id}`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-telegram-bot-api-secret-token": "a-known-secret" },
    body: JSON.stringify({ update_id: 1, message: { message_id: "not a number", chat: 7 } }),
  });
  expect(answer.status).toBe(200);

  const { page } = desk;
  await page.getByRole("link", { name: "Quarantine" }).click();
  const row = page.getByTestId("quarantine-row");
  await expect(row).toContainText("Shop bot");
  await row.getByRole("button").click();
  const dialog = page.getByRole("dialog", { name: "A quarantined message" });
  await expect(dialog).toContainText("not a number");
  await dialog.getByRole("button", { name: "Replay" }).click();
  await expect(page.getByText(/^Still not understood/).first()).toBeVisible();
  await dialog.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog", { name: "Delete from the quarantine" }).getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("The quarantine is empty")).toBeVisible();
});
