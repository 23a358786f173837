import { makeSandbox } from "../fixtures/team.ts";
import { expect, test } from "../fixtures/test.ts";

test("the whole work by keys alone", async ({ desk, owner }) => {
  const inbox = await makeSandbox(owner);
  for (const name of ["Third", "Second", "First"]) {
    await owner.api.inboxes.simulate(inbox.id, { chat: name, name, action: "message", text: `I am ${name}` });
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

test("a dialog that is closed before it has taken the focus gives it back all the same", async ({ desk, owner }) => {
  const inbox = await makeSandbox(owner);
  await desk.visit(`/channels/${inbox.id}`);
  const button = desk.page.getByRole("button", { name: "Delete the channel" });
  await button.evaluate(async (element: HTMLElement) => {
    const there = new Promise<void>((resolve) => {
      const look = () => document.querySelector('[role="dialog"]') !== null && resolve();
      new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
    });
    element.focus();
    element.click();
    // It takes the focus in a task of its own, after it has come into the page.
    await there;
    element.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  });
  await expect(desk.page.getByRole("dialog")).toHaveCount(0);
  await expect(button).toBeFocused();
});
