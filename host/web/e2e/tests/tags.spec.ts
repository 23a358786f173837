import { makeMember, makeSandbox } from "../fixtures/team.ts";
import { expect, test } from "../fixtures/test.ts";
import type { Console } from "../pages/console.ts";

const rows = (desk: Console) => desk.page.getByTestId("tag-row");
const field = (desk: Console) => desk.page.getByRole("combobox", { name: "Tags", exact: true });
const offered = (desk: Console) => desk.page.getByRole("listbox", { name: "Tags", exact: true }).getByRole("option");

/** An entry of a tag's own menu. */
async function onTag(desk: Console, name: string, action: "Change" | "Delete"): Promise<void> {
  await desk.page.getByRole("button", { name: `Actions: ${name}`, exact: true }).click();
  await desk.page.getByRole("menuitem", { name: action }).click();
}

test("a tag is described, put on a conversation by keys, renamed and deleted", async ({ desk, owner, watch }) => {
  watch.allow({ text: /status of 422/, at: /\/api\/v1\/tags$/ });
  const inbox = await makeSandbox(owner);
  await owner.api.inboxes.simulate(inbox.id, { chat: "p1", name: "Mira", action: "message", text: "I want my money back" });
  const { page } = desk;
  await desk.visit("/tags");
  await expect(page.getByText("Tags sort conversations")).toBeVisible();
  await page.getByRole("button", { name: "Add a tag" }).click();
  const dialog = page.getByRole("dialog", { name: "New tag" });
  await dialog.getByLabel("Name", { exact: true }).fill("refund");
  await dialog.getByText("Amber").click();
  await dialog.getByLabel("Description").fill("Wants money back");
  await expect(dialog.getByTestId("tag-preview")).toHaveText("refund");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await expect(rows(desk)).toHaveText(/refund.*Wants money back/);
  await page.getByRole("button", { name: "Add a tag" }).click();
  await dialog.getByLabel("Name", { exact: true }).fill("REFUND");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(dialog.getByText("There is a tag of this name already")).toBeVisible();
  await dialog.getByLabel("Name", { exact: true }).fill("return");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(rows(desk)).toHaveCount(2);

  await desk.visit("/inbox?view=open");
  await desk.openConversation("Mira");
  await field(desk).click();
  await expect(offered(desk)).toHaveText([/refund.*Wants money back/, /return/]);
  await page.keyboard.press("Escape");
  await expect(offered(desk)).toHaveCount(0);
  await expect(field(desk)).toBeFocused();
  await page.keyboard.type("ref");
  await expect(offered(desk)).toHaveText([/refund/]);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  const row = desk.row("Mira").getByTestId("row-tags");
  await expect(row).toHaveText("refund");
  await expect(row.locator('[data-colour="amber"]')).toBeVisible();
  // Any other will do, and one that differs in case alone is the same.
  await page.keyboard.type("RETURN");
  await page.keyboard.press("Enter");
  await page.keyboard.type("free");
  await page.keyboard.press("Enter");
  await expect(row).toHaveText("refund+1");
  await expect.poll(async () => (await owner.api.conversations.list({}, {})).items[0]?.tags).toEqual(["free", "refund", "return"]);

  await desk.visit("/tags");
  await onTag(desk, "refund", "Change");
  const editing = page.getByRole("dialog", { name: "refund" });
  await editing.getByLabel("Name", { exact: true }).fill("money back");
  await expect(editing.getByText("Conversations tagged “refund” get the new name")).toBeVisible();
  await editing.getByText("Red", { exact: true }).click();
  await editing.getByRole("button", { name: "Save" }).click();
  await expect(editing).toHaveCount(0);
  await desk.visit("/inbox?view=open");
  await expect(row).toHaveText("money back+1");
  await expect(row.locator('[data-colour="red"]')).toHaveText("money back");

  await desk.visit("/tags");
  await onTag(desk, "money back", "Delete");
  const asked = page.getByRole("dialog", { name: "Delete the tag" });
  await expect(asked.getByText("Conversations that carry it keep it as plain text.")).toBeVisible();
  await asked.getByRole("button", { name: "Delete" }).click();
  await expect(rows(desk)).toHaveCount(1);
  const { items } = await owner.api.conversations.list({}, {});
  expect(items[0]?.tags).toEqual(["free", "money back", "return"]);
});

test("tags are described by who may, and shown to everybody at once", async ({ desk, owner, host, consoleOf }) => {
  const kim = await makeMember(host, owner, "Kim", "operator");
  const other = await consoleOf(kim, "/tags");
  await expect(other.page.getByText("Nobody has described a tag yet.")).toBeVisible();
  await expect(other.page.getByRole("button", { name: "Add a tag" })).toHaveCount(0);
  const made = await owner.api.tags.create({ name: "vip", colour: "violet" });
  await expect(rows(other)).toHaveText(["vip"]);
  await expect(other.page.getByRole("button", { name: "Actions: vip" })).toHaveCount(0);
  await desk.visit("/tags");
  await onTag(desk, "vip", "Change");
  const dialog = desk.page.getByRole("dialog", { name: "vip" });
  await dialog.getByLabel("Description").fill("Buys a lot");
  await owner.api.tags.update(made.id, { description: "Comes often", version: made.version });
  await expect(rows(desk)).toHaveText(/Comes often/);
});

test("the filters offer tags", async ({ desk, owner }) => {
  const inbox = await makeSandbox(owner);
  await owner.api.tags.create({ name: "refund", colour: "amber" });
  for (const name of ["Mira", "Noor"]) {
    await owner.api.inboxes.simulate(inbox.id, { chat: name, name, action: "message", text: "Hello" });
  }
  const { items } = await owner.api.conversations.list({}, {});
  const mira = items.find(({ customer }) => customer.name === "Mira");
  await owner.api.conversations.update(mira?.id ?? "", { tags: ["refund"] });
  const { page } = desk;
  await desk.visit("/inbox?view=open");
  await expect(desk.rows).toHaveCount(2);
  await page.getByRole("button", { name: "Filters" }).click();
  await page.getByRole("combobox", { name: "Tag", exact: true }).fill("ref");
  await page.getByRole("option", { name: "refund" }).click();
  await expect(desk.rows).toHaveCount(1);
  await expect(desk.row("Mira")).toBeVisible();
});
