import { expect, test } from "../fixtures/test.ts";

test("a wrong password is refused, the right one leads where one wanted to go", async ({ host, owner, open, watch }) => {
  watch.allow({ text: /status of 401/, at: /\/api\/v1\/auth\/sign-in$/ });
  const page = await (await open()).newPage();
  await page.goto(`${host.url}/team`);
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();

  await page.getByLabel("E-mail").fill(owner.email);
  await page.getByLabel("Password", { exact: true }).fill("not this one");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("The e-mail or the password is wrong")).toBeVisible();

  await page.getByLabel("Password", { exact: true }).fill(owner.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Team" })).toBeVisible();
  await expect(page.getByText(owner.email)).toBeVisible();
});

test("signing out ends the session in every tab", async ({ desk }) => {
  const { page } = desk;
  const other = await page.context().newPage();
  await other.goto(page.url());
  await expect(other.getByRole("button", { name: /^Profile: Alex/ })).toBeVisible();

  await page.getByRole("button", { name: /^Profile: Alex/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  for (const tab of [page, other]) await expect(tab.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("an invited colleague chooses a password and starts", async ({ owner, open }) => {
  const { invite_url } = await owner.api.operators.create({
    name: "Robin",
    email: "robin@example.org",
    role: "operator",
    capacity: 5,
  });
  const page = await (await open()).newPage();
  await page.goto(invite_url);
  await page.getByLabel("Password", { exact: true }).fill("another long password");
  await page.getByRole("button", { name: "Start working" }).click();
  await expect(page.getByRole("button", { name: /^Profile: Robin/ })).toBeVisible();
  // An operator sees neither the team's settings nor the quarantine.
  await expect(page.getByRole("link", { name: "Quarantine" })).toHaveCount(0);
});
