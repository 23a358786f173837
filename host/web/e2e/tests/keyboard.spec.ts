import { makeSandbox } from "../fixtures/team.ts";
import { expect, test } from "../fixtures/test.ts";

test("the whole work by keys alone", async ({ desk, owner }) => {
  const inbox = await makeSandbox(owner);
  for (const name of ["Third", "Second", "First"]) {
    await owner.api.inboxes.simulate(inbox.id, { peer: name, name, action: "message", text: `I am ${name}` });
  }
  const { page } = desk;
  const keys = page.keyboard;
  await expect(desk.rows).toHaveCount(3);
  await expect(desk.rows.first()).toContainText("First");

  await keys.press("j");
  await expect(desk.row("First")).toHaveAttribute("data-cursor", "true");
  await keys.press("j");
  await keys.press("k");
  await keys.press("j");
  await expect(desk.row("Second")).toHaveAttribute("data-cursor", "true");
  await keys.press("Enter");
  await expect(desk.message("I am Second")).toBeVisible();

  await keys.press("r");
  await expect(desk.replyField).toBeFocused();
  await keys.type("By keys");
  await keys.press("Enter");
  await expect(desk.message("By keys")).toBeVisible();
  await keys.press("Escape");
  await expect(desk.replyField).not.toBeFocused();

  await keys.press("n");
  await expect(desk.noteField).toBeFocused();
  await keys.type("A note by keys");
  await keys.press("Enter");
  await expect(desk.message("A note by keys")).toHaveAttribute("data-direction", "note");
  await keys.press("Escape");

  await keys.press("e");
  await expect(page.getByRole("button", { name: "Reopen" })).toBeVisible();

  await keys.press("Shift+Slash");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await keys.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);

  await keys.press("Control+k");
  const search = page.getByRole("combobox", { name: "A command or a customer's name" });
  await expect(search).toBeFocused();
  await keys.type("Third");
  await expect(page.getByRole("option", { name: "Third" })).toHaveAttribute("aria-selected", "true");
  await keys.press("Enter");
  await expect(desk.message("I am Third")).toBeVisible();

  await keys.press("Control+k");
  await keys.type("Team");
  await keys.press("Enter");
  await expect(page.getByRole("heading", { name: "Team" })).toBeVisible();
});
