import { expect, test } from "../fixtures/test.ts";

test("the printed link makes the first administrator and leads into the console", async ({ host, open }) => {
  const page = await (await open()).newPage();
  await page.goto(`${host.url}/setup#${host.setupToken}`);
  await page.getByLabel("Organisation").fill("Example shop");
  await page.getByLabel("Your name").fill("Alex");
  await page.getByLabel("E-mail").fill("alex@example.org");
  await page.getByLabel("Password", { exact: true }).fill("correct horse battery");
  await page.getByRole("button", { name: "Create" }).click();

  await expect(page).toHaveURL(/\/inbox/);
  await expect(page.getByRole("button", { name: /^Profile: Alex/ })).toBeVisible();
  // Nobody can write yet: the inbox leads to where that begins.
  await page.getByRole("main").getByRole("button", { name: "Connect a channel" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Connect a channel" })).toBeVisible();
  await page.getByRole("link", { name: "Channels" }).click();
  await expect(page.getByText("No channels yet.")).toBeVisible();

  await page.reload();
  await expect(page.getByRole("heading", { name: "Channels" })).toBeVisible();
});

test("a link that was used says so, and one without its end too", async ({ host, owner, open, watch }) => {
  expect(owner.operator.role).toBe("owner");
  watch.allow({ text: /status of 403/, at: /\/api\/v1\/setup$/ });
  const page = await (await open()).newPage();
  await page.goto(`${host.url}/setup`);
  await expect(page.getByText("The link is incomplete.")).toBeVisible();

  await page.goto("about:blank");
  await page.goto(`${host.url}/setup#${host.setupToken}`);
  await page.getByLabel("Organisation").fill("Another");
  await page.getByLabel("Your name").fill("Sam");
  await page.getByLabel("E-mail").fill("sam@example.org");
  await page.getByLabel("Password", { exact: true }).fill("correct horse battery");
  await page.getByRole("button", { name: "Create" }).click();
  await expect(page.getByText("The link was used already or is wrong.")).toBeVisible();
});
