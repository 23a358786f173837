import { makeMember, makeSandbox, type Member } from "../fixtures/team.ts";
import { expect, test } from "../fixtures/test.ts";
import type { Console } from "../pages/console.ts";

const rows = (desk: Console) => desk.page.getByTestId("customer-row");

/** Mira, Lev and Zoya write, in this order. */
async function three(owner: Member): Promise<void> {
  const inbox = await makeSandbox(owner);
  for (const name of ["Mira", "Lev", "Zoya"]) {
    await owner.api.inboxes.simulate(inbox.id, { chat: name, name, action: "message", text: `It is me, ${name}` });
  }
  const { items } = await owner.api.customers.list({}, {});
  const change = async (name: string, patch: { tags: string[]; email?: string; attributes?: Record<string, string> }) => {
    const { id, version } = items.find((customer) => customer.name === name) ?? { id: "", version: 0 };
    await owner.api.customers.update(id, { ...patch, version });
  };
  await change("Mira", { tags: ["vip"], email: "mira@example.org", attributes: { city: "Tver" } });
  await change("Lev", { tags: ["vip", "new"] });
}

test("customers are searched, narrowed, put in order, and opened", async ({ desk, owner }) => {
  await three(owner);
  const { page } = desk;
  await page.getByRole("navigation", { name: "Areas" }).getByRole("link", { name: "Customers" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Customers" })).toBeVisible();
  await page.getByRole("combobox", { name: "Order" }).click();
  await page.getByRole("option", { name: "Newest first" }).click();
  await expect(rows(desk)).toHaveText([/Zoya/, /Lev.*new.*vip/, /Mira.*mira@example.org.*vip/]);

  const search = page.getByRole("searchbox", { name: "Name, e-mail or phone" });
  await search.pressSequentially("mi");
  await expect(page.getByText("At least 3 letters or digits")).toBeVisible();
  await expect(rows(desk)).toHaveCount(3);
  await search.pressSequentially("RA@");
  await expect(rows(desk)).toHaveText([/Mira/]);
  await page.getByRole("button", { name: "Clear" }).click();
  await expect(search).toHaveValue("");
  await expect(rows(desk)).toHaveCount(3);

  // A condition, by keys alone.
  await page.getByRole("button", { name: "Filter" }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Which customers" });
  await dialog.getByRole("button", { name: "Add a condition" }).press("Enter");
  await dialog.getByRole("button", { name: "Show" }).press("Enter");
  await expect(dialog.getByText("Fill this in")).toBeVisible();
  await dialog.getByRole("group", { name: "Condition 1", exact: true }).getByLabel("Value").fill("vip");
  await dialog.getByRole("button", { name: "Show" }).press("Enter");
  await expect(dialog).toHaveCount(0);
  await expect(rows(desk)).toHaveText([/Lev/, /Mira/]);
  // What narrows a list is in its address.
  await page.reload();
  await expect(rows(desk)).toHaveText([/Lev/, /Mira/]);
  await page.getByRole("button", { name: "Filter: 1 condition" }).click();
  await dialog.getByRole("button", { name: "Add a condition" }).click();
  const second = dialog.getByRole("group", { name: "Condition 2", exact: true });
  await second.getByRole("combobox", { name: "What" }).click();
  await page.getByRole("option", { name: "Attribute", exact: true }).click();
  await second.getByRole("textbox", { name: "Name of the attribute" }).fill("city");
  await second.getByLabel("Value").fill("Perm");
  await dialog.getByRole("button", { name: "Show" }).click();
  await expect(page.getByText("No customer fits.")).toBeVisible();
  await page.locator('[data-state="empty"]').getByRole("button", { name: "Clear" }).click();
  await expect(rows(desk)).toHaveCount(3);

  await rows(desk).filter({ hasText: "Mira" }).getByRole("button", { name: "Mira" }).press("Enter");
  await expect(desk.message("It is me, Mira")).toBeVisible();
});

test("an address with a condition that means nothing shows what can be done", async ({ desk, owner, watch }) => {
  watch.allow({ text: /status of 422/, at: /\/api\/v1\/customers/ });
  await three(owner);
  const filter = JSON.stringify({ all: [{ field: "mood", op: "is", value: "good" }] });
  await desk.visit(`/customers?filter=${encodeURIComponent(filter)}`);
  await expect(desk.page.getByRole("alert")).toBeVisible();
  await desk.page.getByRole("button", { name: "Clear" }).click();
  await expect(rows(desk)).toHaveCount(3);
});

test("who may not see customers has no list of them", async ({ owner, host, consoleOf }) => {
  const role = await owner.api.roles.create({ name: "Talks only", permissions: ["conversations.read_all"] });
  const kim = await makeMember(host, owner, "Kim", role.id);
  const other = await consoleOf(kim, "/inbox?view=open");
  await expect(other.page.getByRole("link", { name: "Channels" })).toHaveCount(0);
  await expect(other.page.getByRole("link", { name: "Customers" })).toHaveCount(0);
});
