import { makeMember, makeSandbox } from "../fixtures/team.ts";
import { expect, test } from "../fixtures/test.ts";
import type { Console } from "../pages/console.ts";

/** Adds a phrase on its page. */
async function add(desk: Console, shortcut: string, text: string, own = false): Promise<void> {
  const { page } = desk;
  await page.getByRole("button", { name: "Add a phrase" }).click();
  const dialog = page.getByRole("dialog", { name: "New phrase" });
  await dialog.getByLabel("Name", { exact: true }).fill(shortcut);
  await dialog.getByLabel("Text").fill(text);
  if (own) await dialog.getByText("Only for me").click();
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(dialog).toHaveCount(0);
}

test("a phrase is written once and called up by its name", async ({ desk, owner, watch }) => {
  watch.allow({ text: /status of 422/, at: /\/api\/v1\/phrases$/ });
  const inbox = await makeSandbox(owner);
  await owner.api.inboxes.simulate(inbox.id, { chat: "p1", name: "Mira", action: "message", text: "When are you open?" });
  const { page } = desk;
  await desk.visit("/phrases");
  await expect(page.getByText("Phrases save typing")).toBeVisible();
  await page.getByRole("button", { name: "Add a phrase" }).click();
  const dialog = page.getByRole("dialog", { name: "New phrase" });
  await dialog.getByLabel("Name", { exact: true }).fill("/two words");
  await expect(dialog.getByLabel("Name", { exact: true })).toHaveValue("two-words");
  await dialog.getByLabel("Text").fill("Good day, ");
  await dialog.getByRole("button", { name: "Customer" }).click();
  await page.keyboard.type("! From nine to six.");
  await expect(dialog.getByTestId("phrase-preview")).toHaveText("Good day, Anna! From nine to six.");
  await dialog.getByLabel("Name", { exact: true }).fill("hours");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByTestId("phrase-row")).toHaveText(/\/hours.*Good day, \{\{customer\}\}!/);
  await page.getByRole("button", { name: "Add a phrase" }).click();
  await dialog.getByLabel("Name", { exact: true }).fill("HOURS");
  await dialog.getByLabel("Text").fill("I am at home");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(dialog.getByText("There is a phrase of this name already")).toBeVisible();
  await dialog.getByLabel("Name", { exact: true }).fill("home");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(dialog).toHaveCount(0);

  await desk.visit("/inbox?view=open");
  await desk.openConversation("Mira");
  await desk.replyField.pressSequentially("Hello. /ho");
  const list = page.getByRole("listbox", { name: "Quick phrases" });
  await expect(list.getByRole("option")).toHaveCount(2);
  await page.keyboard.press("ArrowDown");
  await expect(list.getByRole("option", { selected: true })).toContainText("/hours");
  await page.keyboard.press("Enter");
  await expect(desk.replyField).toHaveValue("Hello. Good day, Mira! From nine to six.");
  await expect(list).toHaveCount(0);
  await page.keyboard.press("Enter");
  await expect(desk.message("Hello. Good day, Mira! From nine to six.")).toBeVisible();
});

test("the list is called by a key or a button, and leaves alone what only looks like it", async ({ desk, owner }) => {
  const inbox = await makeSandbox(owner);
  await owner.api.inboxes.simulate(inbox.id, { chat: "p1", name: "Mira", action: "message", text: "Hello" });
  await owner.api.phrases.create({ shortcut: "hours", text: "From nine to six" });
  const { page } = desk;
  const list = page.getByRole("listbox", { name: "Quick phrases" });
  await desk.openConversation("Mira");
  await expect(desk.message("Hello")).toBeVisible();
  await page.keyboard.press("Slash");
  await expect(list).toBeVisible();
  await expect(desk.replyField).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(list).toHaveCount(0);
  await expect(desk.replyField).toBeFocused();
  await expect(desk.replyField).toHaveValue("/");

  await desk.replyField.fill("See https://example.org/hours");
  await expect(list).toHaveCount(0);
  await page.getByRole("button", { name: "Insert a quick phrase" }).click();
  await expect(desk.replyField).toHaveValue("See https://example.org/hours /");
  await list.getByRole("option", { name: "/hours" }).click();
  await expect(desk.replyField).toHaveValue("See https://example.org/hours From nine to six");
  await expect(desk.replyField).toBeFocused();
  await desk.replyField.pressSequentially(" /unheard");
  await expect(page.getByText("Nothing found")).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(desk.message("From nine to six /unheard")).toBeVisible();
});

test("a list that is sent away stays away, also right after the caret has moved", async ({ desk, owner }) => {
  const inbox = await makeSandbox(owner);
  await owner.api.inboxes.simulate(inbox.id, { chat: "p1", name: "Mira", action: "message", text: "Hello" });
  await owner.api.phrases.create({ shortcut: "hours", text: "From nine to six" });
  const list = desk.page.getByRole("listbox", { name: "Quick phrases" });
  await desk.openConversation("Mira");
  await desk.replyField.pressSequentially("At /ho");
  await expect(list).toBeVisible();
  // The browser tells of the caret's move only after the key: both come in one go.
  await desk.replyField.evaluate((field: HTMLTextAreaElement) => {
    field.setSelectionRange(5, 5);
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true }));
  });
  await expect(list).toHaveCount(0);
  await expect(desk.replyField).toBeFocused();
});

test("shared phrases are managed by who may, and one's own are seen by nobody else", async ({ desk, owner, host, consoleOf }) => {
  const kim = await makeMember(host, owner, "Kim", "operator");
  await owner.api.phrases.create({ shortcut: "hours", text: "From nine to six" });
  await desk.visit("/phrases");
  const other = await consoleOf(kim, "/phrases");
  const rows = (console: Console) => console.page.getByTestId("phrase-row");
  await expect(rows(other)).toHaveCount(1);
  await expect(other.page.getByRole("button", { name: "Actions: /hours" })).toHaveCount(0);
  await add(other, "mine", "Kim's own");
  await expect(rows(other)).toHaveCount(2);
  await expect(other.page.getByRole("region", { name: "Only for me" })).toContainText("Kim's own");

  // Live, for those who may see it.
  await add(desk, "price", "It costs 10");
  await expect(rows(other)).toHaveCount(3);
  await expect(rows(desk)).toHaveCount(2);
  await desk.page.getByRole("button", { name: "Actions: /price" }).click();
  await desk.page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(rows(other)).toHaveCount(2);
  await desk.undo("Phrase /price is deleted");
  await expect(rows(other)).toHaveCount(3);
  await desk.page.getByRole("button", { name: "Actions: /price" }).click();
  await desk.page.getByRole("menuitem", { name: "Change" }).click();
  const dialog = desk.page.getByRole("dialog", { name: "/price" });
  await dialog.getByText("Only for me").click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(rows(other)).toHaveCount(2);
});

test("what a colleague has changed meanwhile is not saved over unseen", async ({ desk, owner, watch }) => {
  watch.allow({ text: /status of 409/, at: /\/api\/v1\/phrases\// });
  const made = await owner.api.phrases.create({ shortcut: "hours", text: "From nine to six" });
  const { page } = desk;
  await desk.visit("/phrases");
  await page.getByRole("button", { name: "Actions: /hours" }).click();
  await page.getByRole("menuitem", { name: "Change" }).click();
  const dialog = page.getByRole("dialog", { name: "/hours" });
  await dialog.getByLabel("Text").fill("From ten to six");
  await owner.api.phrases.update(made.id, { text: "From nine to five", version: made.version });
  await expect(page.getByTestId("phrase-row")).toContainText("From nine to five");
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
  await expect(dialog.getByText("Somebody else has just changed this.")).toBeVisible();
  await dialog.getByRole("button", { name: "Load what is there now" }).click();
  await expect(dialog.getByLabel("Text")).toHaveValue("From nine to five");
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
  await expect(dialog).toHaveCount(0);
});

test("phrases that are damaged are not passed over in silence", async ({ desk }) => {
  const { page } = desk;
  await page.route("**/api/v1/phrases?*", (route) =>
    route.fulfill({ json: { items: [], next: null, complete: true, damaged: [`phr_${"0".repeat(32)}`] } }),
  );
  await desk.visit("/phrases");
  await expect(page.getByText("1 row is damaged and cannot be shown")).toBeVisible();
});
