import type { Locator } from "@playwright/test";
import { makeMember, makeSandbox, type Member } from "../fixtures/team.ts";
import { expect, test } from "../fixtures/test.ts";
import type { Console } from "../pages/console.ts";

/** Conversations with customers of these names; the answer knows their ids. */
async function makeConversations(owner: Member, ...names: string[]): Promise<Record<string, string>> {
  const inbox = await makeSandbox(owner);
  const ids: Record<string, string> = {};
  for (const name of names) {
    const { conversation_id } = await owner.api.inboxes.simulate(inbox.id, { chat: name, name, action: "message", text: "Hello" });
    ids[name] = conversation_id ?? "";
  }
  return ids;
}

async function choose(at: Locator, control: string, option: string): Promise<void> {
  await at.getByRole("combobox", { name: control, exact: true }).click();
  await at.page().getByRole("option", { name: option, exact: true }).click();
}

const savedViews = (desk: Console) => desk.page.getByTestId("saved-view");
const savedView = (desk: Console, name: string) => savedViews(desk).filter({ hasText: name });
const condition = (dialog: Locator, place: string) => dialog.getByRole("group", { name: `Condition ${place}`, exact: true });

/** An entry of a saved view's own menu. */
async function onView(desk: Console, name: string, action: "Edit" | "Delete"): Promise<void> {
  await savedView(desk, name).hover();
  await desk.page.getByRole("button", { name: `Actions: ${name}`, exact: true }).click();
  await desk.page.getByRole("menuitem", { name: action }).click();
}

test("a view of two conditions shows what meets them, and follows it", async ({ desk, owner, watch }) => {
  watch.allow({ text: /status of 4(09|22)/, at: /\/api\/v1\/views$/ });
  const { Mira = "", Noor = "", Olaf = "" } = await makeConversations(owner, "Mira", "Noor", "Olaf");
  await owner.api.conversations.update(Mira, { priority: "urgent", tags: ["vip"] });
  await owner.api.conversations.update(Noor, { priority: "urgent" });
  await owner.api.conversations.update(Olaf, { tags: ["vip"] });
  const { page } = desk;
  await page.getByRole("button", { name: "New view" }).click();
  const dialog = page.getByRole("dialog", { name: "New view" });
  await dialog.getByLabel("Name", { exact: true }).fill("Urgent guests");
  await dialog.getByRole("button", { name: "Remove condition 1" }).click();
  await expect(dialog.getByText("Without conditions the view shows every conversation.")).toBeVisible();
  await dialog.getByRole("button", { name: "Add a condition" }).click();
  await choose(condition(dialog, "1"), "What", "Priority");
  await choose(condition(dialog, "1"), "Value", "Urgent");
  await dialog.getByRole("button", { name: "Add a condition" }).click();
  await choose(condition(dialog, "2"), "What", "Tags");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(condition(dialog, "2").getByText("Fill this in")).toBeVisible();
  await condition(dialog, "2").getByLabel("Value").fill("vip");
  await expect(dialog.getByText("Fill this in")).toHaveCount(0);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toHaveCount(0);

  await expect(page).toHaveURL(/\/inbox\?view=view_/);
  await expect(page.getByRole("heading", { name: "Urgent guests" })).toBeVisible();
  await expect(savedView(desk, "Urgent guests").getByRole("link")).toHaveAttribute("aria-current", "page");
  await expect(desk.rows).toHaveCount(1);
  await expect(desk.row("Mira")).toBeVisible();

  // What comes to meet the conditions appears, what no longer does leaves.
  await owner.api.conversations.update(Noor, { tags: ["vip"] });
  await expect(desk.row("Noor")).toBeVisible();
  await owner.api.conversations.update(Mira, { priority: "normal" });
  await expect(desk.row("Mira")).toHaveCount(0);
  await expect(desk.rows).toHaveCount(1);

  await onView(desk, "Urgent guests", "Edit");
  const editing = page.getByRole("dialog", { name: "Urgent guests" });
  await expect(condition(editing, "1").getByRole("combobox", { name: "Value" })).toHaveValue("Urgent");
  await editing.getByText("Any of these").click();
  await editing.getByLabel("Name", { exact: true }).fill("Urgent or guests");
  await editing.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name: "Urgent or guests" })).toBeVisible();
  await expect(desk.rows).toHaveCount(3);

  await page.getByRole("button", { name: "New view" }).click();
  await dialog.getByLabel("Name", { exact: true }).fill("URGENT or guests");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("There is a view of this name already")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);

  await onView(desk, "Urgent or guests", "Delete");
  await page.getByRole("dialog", { name: "Delete the view" }).getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("This view is no longer there")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Mine", exact: true })).toBeVisible();
  await expect(savedViews(desk)).toHaveCount(0);
});

test("what narrows a list can be kept, and groups say more", async ({ desk, owner }) => {
  const { Mira = "", Noor = "" } = await makeConversations(owner, "Mira", "Noor", "Olaf");
  await owner.api.conversations.update(Mira, { priority: "high" });
  await owner.api.conversations.update(Noor, { priority: "high", tags: ["later"] });
  const { page } = desk;
  await desk.visit("/inbox?view=open&priority=high");
  await expect(desk.rows).toHaveCount(2);
  await page.getByRole("button", { name: "Filters" }).click();
  await page.getByRole("button", { name: "Save as a view…" }).click();
  const dialog = page.getByRole("dialog", { name: "New view" });
  await expect(condition(dialog, "2").getByRole("combobox", { name: "Value" })).toHaveValue("High");
  await dialog.getByLabel("Name", { exact: true }).fill("High now");
  await dialog.getByRole("button", { name: "Add a group" }).click();
  const inner = condition(dialog, "3.1");
  await choose(inner, "What", "Tags");
  await choose(inner, "How", "do not include");
  await inner.getByLabel("Value").fill("later");
  await dialog.getByRole("button", { name: "Add to group 3" }).click();
  await choose(condition(dialog, "3.2"), "What", "Customer's name");
  await choose(condition(dialog, "3.2"), "How", "begins with");
  await condition(dialog, "3.2").getByLabel("Value").fill("ol");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name: "High now" })).toBeVisible();
  await expect(desk.rows).toHaveCount(1);
  await expect(desk.row("Mira")).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { name: "High now" })).toBeVisible();
  await expect(desk.row("Mira")).toBeVisible();
});

test("a shared view is for everybody, and one's own for nobody else", async ({ desk, owner, host, consoleOf }) => {
  const kim = await makeMember(host, owner, "Kim", "operator");
  const filter = { all: [{ field: "priority", op: "is" as const, value: "urgent" }] };
  const shared = await owner.api.views.create({ name: "Fire", filter, sort: "activity", owner_id: null });
  await owner.api.views.create({ name: "Alex's own", filter, sort: "activity", owner_id: owner.operator.id });
  await expect(savedViews(desk)).toHaveText(["Fire", "Alex's own"]);
  const other = await consoleOf(kim, `/inbox?view=${shared.id}`);
  await expect(other.page.getByRole("heading", { name: "Fire" })).toBeVisible();
  await expect(savedViews(other)).toHaveText(["Fire"]);
  await savedView(other, "Fire").hover();
  await expect(other.page.getByRole("button", { name: "Actions: Fire" })).toHaveCount(0);

  await other.page.getByRole("button", { name: "New view" }).click();
  const dialog = other.page.getByRole("dialog", { name: "New view" });
  await expect(dialog.getByText("Who sees it")).toHaveCount(0);
  await dialog.getByLabel("Name", { exact: true }).fill("Kim's own");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(savedViews(other)).toHaveText(["Fire", "Kim's own"]);
  await savedView(other, "Fire").getByRole("link").click();
  await expect(other.page.getByRole("heading", { name: "Fire" })).toBeVisible();
  await expect(savedViews(desk)).toHaveText(["Fire", "Alex's own"]);

  // Live, for those who may see it. Who looks at a view stays in it, whoever else may see it from now on.
  const alexSees = (name: string) => expect(desk.page.getByRole("heading", { name, exact: true })).toBeVisible();
  await savedView(desk, "Alex's own").getByRole("link").click();
  await alexSees("Alex's own");
  const turn = async (name: string, to: "Only me" | "Everybody") => {
    await onView(desk, name, "Edit");
    const editing = desk.page.getByRole("dialog", { name });
    await editing.getByText(to, { exact: true }).click();
    await editing.getByRole("button", { name: "Save" }).click();
    await expect(editing).toHaveCount(0);
  };
  await turn("Alex's own", "Everybody");
  await expect(savedViews(other)).toHaveText(["Alex's own", "Fire", "Kim's own"]);
  await alexSees("Alex's own");
  await savedView(desk, "Fire").getByRole("link").click();
  await alexSees("Fire");
  await turn("Fire", "Only me");
  await expect(other.page.getByText("This view is no longer there")).toBeVisible();
  await expect(other.page.getByRole("heading", { name: "Mine", exact: true })).toBeVisible();
  await expect(savedViews(other)).toHaveText(["Alex's own", "Kim's own"]);
  await alexSees("Fire");
  await expect(desk.page.getByText("This view is no longer there")).toHaveCount(0);
});

test("what a colleague has changed meanwhile is not saved over unseen", async ({ desk, owner, watch }) => {
  watch.allow({ text: /status of 409/, at: /\/api\/v1\/views\/view_/ });
  const filter = { all: [{ field: "priority", op: "is" as const, value: "urgent" }] };
  const first = await owner.api.views.create({ name: "Fire", filter, sort: "activity", owner_id: null });
  const { page } = desk;
  await onView(desk, "Fire", "Edit");
  const dialog = page.getByRole("dialog");
  const name = dialog.getByLabel("Name", { exact: true });
  await name.fill("Flames");
  const second = await owner.api.views.update(first.id, { name: "Fire and water", version: first.version });
  await expect(savedViews(desk)).toHaveText(["Fire and water"]);
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
  await expect(dialog.getByText("Somebody else has just changed this.")).toBeVisible();
  await expect(name).toHaveValue("Flames");
  await dialog.getByRole("button", { name: "Load what is there now" }).click();
  await expect(name).toHaveValue("Fire and water");
  await expect(dialog.getByText("Somebody else has just changed this.")).toHaveCount(0);

  await name.fill("Flames");
  await owner.api.views.update(first.id, { name: "Water", version: second.version });
  await expect(savedViews(desk)).toHaveText(["Water"]);
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
  await dialog.getByRole("button", { name: "Save over it" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(savedViews(desk)).toHaveText(["Flames"]);
});

test("a window that saves stays until it is known how that ended", async ({ desk, owner, watch }) => {
  watch.allow({ text: /status of 503/, at: /\/api\/v1\/views\/view_/ });
  const filter = { all: [{ field: "priority", op: "is" as const, value: "urgent" }] };
  await owner.api.views.create({ name: "Fire", filter, sort: "activity", owner_id: null });
  const { page } = desk;
  await onView(desk, "Fire", "Edit");
  const dialog = page.getByRole("dialog", { name: "Fire" });
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/api/v1/views/view_*", async (route) => {
    await held;
    await route.fulfill({ status: 503, json: { status: 503, code: "unavailable", title: "unavailable" } });
  }, { times: 1 });
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeDisabled();
  await page.keyboard.press("Escape");
  release();
  await expect(dialog.getByText("The server is busy. Try again a little later.")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
});

test("a search of which little comes stops by itself, and goes further when it is asked to", async ({ desk, owner }) => {
  const filter = { all: [{ field: "subject", op: "contains" as const, value: "rare" }] };
  const view = await owner.api.views.create({ name: "Rare", filter, sort: "activity", owner_id: null });
  const { page } = desk;
  // The host answers so where it has looked through some hundreds of conversations and found nothing.
  let furthest = 0;
  await page.route("**/api/v1/conversations?*", async (route) => {
    const { searchParams } = new URL(route.request().url());
    if (!(searchParams.get("filter") ?? "").includes("rare")) return route.fallback();
    const part = Number(searchParams.get("cursor") ?? "1");
    furthest = Math.max(furthest, part);
    await route.fulfill({ json: { items: [], next: part < 12 ? String(part + 1) : null } });
  });
  await desk.visit(`/inbox?view=${view.id}`);
  const told = page.getByText("Looked through a part of the conversations");
  const further = page.getByRole("button", { name: "Search further" });
  await expect(told).toBeVisible();
  expect(furthest).toBe(5);
  await further.focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => furthest).toBe(10);
  await expect(told).toBeVisible();
  await expect(further).toBeFocused();
  await expect(page.getByText("Nothing fits this view now.")).toHaveCount(0);
  await page.keyboard.press("Enter");
  await expect(page.getByText("Nothing fits this view now.")).toBeVisible();
  await expect(further).toHaveCount(0);
  expect(furthest).toBe(12);
});

test("values of a list are told apart as the server does", async ({ desk }) => {
  const { page } = desk;
  await page.getByRole("button", { name: "New view" }).click();
  const dialog = page.getByRole("dialog", { name: "New view" });
  await choose(condition(dialog, "1"), "What", "Subject");
  await choose(condition(dialog, "1"), "How", "is one of");
  const value = condition(dialog, "1").getByLabel("Value");
  for (const text of ["VIP", "vip", "vip"]) {
    await value.fill(text);
    await value.press("Enter");
  }
  await expect(condition(dialog, "1").getByText("vip", { exact: true })).toHaveCount(1);
  await expect(condition(dialog, "1").getByText("VIP", { exact: true })).toHaveCount(1);
});

test("views that are damaged are not passed over in silence", async ({ desk }) => {
  const { page } = desk;
  await page.route("**/api/v1/views?*", (route) =>
    route.fulfill({ json: { items: [], next: null, complete: true, damaged: [`view_${"0".repeat(32)}`] } }),
  );
  await page.reload();
  await expect(page.getByText("1 row is damaged and cannot be shown")).toBeVisible();
  await page.getByText("Ids for who runs the server").click();
  await expect(page.getByText(`view_${"0".repeat(32)}`)).toBeVisible();
});

test("a view that is unknown leads to a ready-made one", async ({ desk }) => {
  await desk.visit(`/inbox?view=view_${"0".repeat(32)}`);
  await expect(desk.page.getByText("This view is no longer there")).toBeVisible();
  await expect(desk.page.getByRole("heading", { name: "Mine", exact: true })).toBeVisible();
});

test("a view is made and found by keys alone", async ({ desk, owner }) => {
  await makeConversations(owner, "Mira", "Noor");
  const { page } = desk;
  await expect(desk.rows).toHaveCount(2);
  const adding = page.getByRole("button", { name: "New view" });
  await adding.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "New view" });
  await expect(dialog.getByLabel("Name", { exact: true })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(adding).toBeFocused();

  await page.keyboard.press("Enter");
  await expect(dialog.getByLabel("Name", { exact: true })).toBeFocused();
  await page.keyboard.type("By keys");
  await dialog.getByRole("button", { name: "Remove condition 1" }).focus();
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("button", { name: "Add a condition" })).toBeFocused();
  await page.keyboard.press("Enter");
  const row = condition(dialog, "1");
  await expect(row.getByRole("combobox", { name: "What" })).toBeFocused();
  await page.keyboard.type("customer's");
  await page.keyboard.press("Enter");
  await expect(row.getByRole("combobox", { name: "What" })).toHaveValue("Customer's name");
  await page.keyboard.press("Tab");
  await expect(row.getByRole("combobox", { name: "How" })).toBeFocused();
  await page.keyboard.press("Tab");
  // A space too many is none.
  await page.keyboard.type("Mira ");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "By keys" })).toBeVisible();
  await expect(desk.rows).toHaveCount(1);

  const menu = page.getByRole("button", { name: "Actions: By keys" });
  await savedView(desk, "By keys").getByRole("link").focus();
  await page.keyboard.press("Tab");
  await expect(menu).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitem", { name: "Edit" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(menu).toBeFocused();
});

test("on a phone views stand in the strip, and the filter menu changes them", async ({ owner, consoleOf }) => {
  await makeConversations(owner, "Mira");
  const filter = { all: [{ field: "customer_name", op: "contains" as const, value: "mir" }] };
  await owner.api.views.create({ name: "Miras", filter, sort: "activity", owner_id: owner.operator.id });
  const desk = await consoleOf(owner, "/inbox?view=open", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const { page } = desk;
  await page.getByRole("link", { name: "Miras" }).click();
  await expect(page.getByRole("heading", { name: "Miras" })).toBeVisible();
  await expect(desk.row("Mira")).toBeVisible();
  await page.getByRole("button", { name: "Filters" }).click();
  await page.getByRole("button", { name: "Edit this view" }).click();
  const editing = page.getByRole("dialog", { name: "Miras" });
  await condition(editing, "1").getByLabel("Value").fill("nobody");
  await editing.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Nothing fits this view now.")).toBeVisible();
  await page.getByRole("button", { name: "Filters" }).click();
  await page.getByRole("button", { name: "Delete this view" }).click();
  await page.getByRole("dialog", { name: "Delete the view" }).getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("heading", { name: "Mine", exact: true })).toBeVisible();
});
