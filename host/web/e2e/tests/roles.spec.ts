import type { Locator } from "@playwright/test";
import { makeMember, makeSandbox, type Member } from "../fixtures/team.ts";
import { expect, test } from "../fixtures/test.ts";
import type { Console } from "../pages/console.ts";

/** A conversation with somebody who has written; the answer is its id. */
async function begin(owner: Member, name: string): Promise<string> {
  const inbox = await makeSandbox(owner);
  const { conversation_id } = await owner.api.inboxes.simulate(inbox.id, { chat: name, name, action: "message", text: "Hello" });
  return conversation_id ?? "";
}

function roleRow({ page }: Console, name: string): Locator {
  return page.getByTestId("role-row").filter({ hasText: name });
}

async function onRole({ page }: Console, name: string, action: string): Promise<void> {
  await page.getByRole("button", { name: `Actions: ${name}`, exact: true }).click();
  await page.getByRole("menuitem", { name: action }).click();
}

async function give({ page }: Console, name: string, role: string): Promise<void> {
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  const dialog = page.getByRole("dialog", { name });
  await dialog.getByRole("combobox", { name: "Role" }).click();
  await page.getByRole("option", { name: role, exact: true }).click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toHaveCount(0);
}

test("an operator may do what the role allows, from one moment to the next", async ({ desk, owner, host, consoleOf }) => {
  const conversation = await begin(owner, "Mira");
  const kim = await makeMember(host, owner, "Kim", "operator");
  const { page } = desk;
  await page.getByRole("link", { name: "Team" }).click();
  await page.getByRole("button", { name: "Roles" }).click();
  await expect(page.getByText("You have no roles of your own yet.")).toBeVisible();
  await page.getByRole("button", { name: "New role" }).click();
  const dialog = page.getByRole("dialog", { name: "New role" });
  await expect(dialog.getByRole("button", { name: "Create" })).toBeDisabled();
  await dialog.getByLabel("Name", { exact: true }).fill("Trainee");
  for (const right of ["See all conversations", "See own conversations", "Write notes"]) await dialog.getByLabel(right).check();
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(roleRow(desk, "Trainee")).toContainText("3 permissions · nobody has it");

  await desk.visit("/team");
  await give(desk, "Kim", "Trainee");
  await expect(page.getByTestId("operator-row").filter({ hasText: "Kim" })).toContainText("Trainee");
  const other = await consoleOf(kim, "/inbox?view=open");
  await other.row("Mira").click();
  await expect(other.noteField).toBeVisible();
  await expect(other.composer.getByRole("tab", { name: "Reply" })).toHaveCount(0);
  await other.note("Only listening");
  await expect(other.message("Only listening")).toBeVisible();
  const reply = (key: string) =>
    kim.api.messages.send(conversation, { client_key: key, kind: "reply", text: "Past the console" });
  await expect(reply("e2e-role-0001")).rejects.toMatchObject({ code: "forbidden" });

  // The page stays as it is, and so does the sign-in.
  await desk.visit("/team/roles");
  await expect(roleRow(desk, "Trainee")).toContainText("1 operator");
  await onRole(desk, "Trainee", "Change");
  const editing = page.getByRole("dialog", { name: "Trainee" });
  await editing.getByLabel("Answer customers").check();
  await editing.getByRole("button", { name: "Save" }).click();
  await expect(editing).toHaveCount(0);
  await other.reply("Good day");
  await expect(other.message("Good day")).toBeVisible();
  await reply("e2e-role-0002");

  await onRole(desk, "Trainee", "Delete");
  await expect(page.getByText("1 operator has the role Trainee. Give them another first.")).toBeVisible();
  await desk.visit("/team");
  await give(desk, "Kim", "Operator");
  await desk.visit("/team/roles");
  await onRole(desk, "Trainee", "Delete");
  await expect(roleRow(desk, "Trainee")).toHaveCount(0);
  await desk.undo("The role Trainee is deleted");
  await expect(roleRow(desk, "Trainee")).toBeVisible();
});

test("a ready-made role is looked at and duplicated, and names are not given twice", async ({ desk, watch }) => {
  watch.allow({ text: /status of 422/, at: /\/api\/v1\/roles$/ });
  const { page } = desk;
  await desk.visit("/team/roles");
  await onRole(desk, "Senior operator", "See the permissions");
  const look = page.getByRole("dialog", { name: "Senior operator" });
  await expect(look.getByRole("region", { name: "Conversations and messages" })).toContainText("Delete anybody's messages");
  await look.getByRole("button", { name: "Close" }).last().click();
  await onRole(desk, "Senior operator", "Duplicate");
  const dialog = page.getByRole("dialog", { name: "New role" });
  const name = dialog.getByLabel("Name", { exact: true });
  await expect(name).toHaveValue("Senior operator (copy)");
  await expect(dialog.getByLabel("Delete anybody's messages")).toBeChecked();
  await expect(dialog.getByLabel("Manage channels")).not.toBeChecked();
  await name.fill("owner");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(dialog.getByText("There is a role of this name already")).toBeVisible();
  await name.fill("Second line");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(roleRow(desk, "Second line")).toBeVisible();
});

test("a role is made by keys alone, and a right that the console does not know is shown by its name", async ({ desk }) => {
  const { page } = desk;
  await page.route("**/api/v1/rights", async (route) => {
    const answer = await route.fetch();
    const catalogue = (await answer.json()) as { rights: { name: string; group: string }[] };
    catalogue.rights.push({ name: "shop.vouchers.manage", group: "shop.vouchers" });
    await route.fulfill({ response: answer, json: catalogue });
  });
  await desk.visit("/team/roles");
  const adding = page.getByRole("button", { name: "New role" });
  await adding.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "New role" });
  await expect(dialog.getByLabel("Name", { exact: true })).toBeFocused();
  await expect(dialog.getByRole("group", { name: "Other" }).getByLabel("shop.vouchers.manage")).toBeDisabled();
  await page.keyboard.type("By keys");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await expect(dialog.getByLabel("See all conversations")).toBeFocused();
  await page.keyboard.press("Space");
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(adding).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(dialog.getByLabel("Name", { exact: true })).toBeFocused();
  await page.keyboard.type("By keys");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await page.keyboard.press("Enter");
  await expect(roleRow(desk, "By keys")).toContainText("1 permission");
  await page.getByRole("button", { name: "Actions: By keys" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitem", { name: "Change" })).toBeFocused();
});

test("who may see no conversations is told so, and who manages the team gives no more than they have", async ({ owner, host, consoleOf }) => {
  const lead = await owner.api.roles.create({ name: "Lead", permissions: ["operators.read", "operators.manage"] });
  await owner.api.roles.create({ name: "Auditor", permissions: ["audit.read"] });
  const kim = await makeMember(host, owner, "Kim", lead.id);
  const desk = await consoleOf(kim, "/inbox");
  const { page } = desk;
  await expect(page.getByText("Your role does not show conversations.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Inbox" })).toHaveCount(0);
  await desk.visit("/team/roles");
  await page.getByRole("button", { name: "Actions: Auditor" }).click();
  await expect(page.getByRole("menuitem", { name: "See the permissions" })).toBeVisible();
  await expect(page.getByRole("menuitem", { name: "Delete" })).toHaveCount(0);
  await page.keyboard.press("Escape");
  await onRole(desk, "Lead", "Change");
  const dialog = page.getByRole("dialog", { name: "Lead" });
  await expect(dialog.getByText("This is your own role")).toBeVisible();
  await expect(dialog.getByLabel("Manage the team")).toBeDisabled();
  await expect(dialog.getByLabel("Answer customers")).toBeDisabled();
});
