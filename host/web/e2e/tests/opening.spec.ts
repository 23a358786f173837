import { makeSandbox } from "../fixtures/team.ts";
import { expect, test } from "../fixtures/test.ts";
import { lostConnection } from "../fixtures/watch.ts";

const part = "**/assets/open-conversation*.js";

test("by a direct link and after a reload a conversation is there, and on a phone there is a way back", async ({ owner, consoleOf }) => {
  const inbox = await makeSandbox(owner);
  const { conversation_id } = await owner.api.inboxes.simulate(inbox.id, { chat: "p1", name: "Mira", action: "message", text: "Is it open?" });
  const path = `/inbox/${conversation_id}?view=open`;
  const desk = await consoleOf(owner, path);
  await expect(desk.message("Is it open?")).toBeVisible();
  await desk.page.reload();
  await expect(desk.message("Is it open?")).toBeVisible();
  await expect(desk.row("Mira")).toHaveAttribute("data-selected", "true");

  const phone = await consoleOf(owner, path, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await expect(phone.message("Is it open?")).toBeVisible();
  await phone.page.getByRole("button", { name: "Back" }).tap();
  await expect(phone.row("Mira")).toBeVisible();
});

test("what shows a conversation may be late: its shape stands there, with the way back", async ({ owner, consoleOf }) => {
  const inbox = await makeSandbox(owner);
  await owner.api.inboxes.simulate(inbox.id, { chat: "p1", name: "Mira", action: "message", text: "Is it open?" });
  const desk = await consoleOf(owner, "/profile", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const { page } = desk;
  let arrive = () => undefined as void;
  const late = new Promise<void>((resolve) => (arrive = resolve));
  await page.route(part, async (route) => {
    await late;
    await route.continue();
  });
  await desk.visit("/inbox?view=open");
  await desk.row("Mira").tap();
  await expect(page.getByRole("status", { name: "Loading" })).toBeVisible();
  await page.getByRole("button", { name: "Back" }).tap();
  await desk.row("Mira").tap();
  arrive();
  await expect(desk.message("Is it open?")).toBeVisible();
});

test("when it does not come at all, that is said beside the list, and it can be asked for again", async ({ desk, owner, watch }) => {
  watch.allow({ text: /net::ERR_FAILED/, at: /\/open-conversation/ });
  const inbox = await makeSandbox(owner);
  await owner.api.inboxes.simulate(inbox.id, { chat: "p1", name: "Mira", action: "message", text: "Is it open?" });
  const { page } = desk;
  // After an upgrade a tab loads the console anew, once.
  await page.evaluate(() => sessionStorage.setItem("omnichat.reloaded", String(Date.now())));
  await page.route(part, (route) => route.abort());
  await page.reload();
  await desk.row("Mira").click();
  await expect(page.getByRole("main").getByText("The server does not answer.")).toBeVisible();
  await expect(desk.row("Mira")).toBeVisible();

  await page.unroute(part);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(desk.message("Is it open?")).toBeVisible();
});

test("a page that was never opened waits for the connection, and comes by itself with it", async ({ owner, consoleOf, line, watch }) => {
  watch.allow(...lostConnection);
  const desk = await consoleOf(owner, "/inbox?view=open", { line });
  const { page } = desk;
  await expect(page.getByRole("heading", { name: "All open" })).toBeVisible();
  line.cut();
  await page.getByRole("link", { name: "Audit log" }).click();
  await expect(page.getByText("The server does not answer.")).toBeVisible();
  await expect(page.getByText("No connection.")).toBeVisible();

  line.mend();
  await expect(page.getByRole("heading", { level: 1, name: "Audit log" })).toBeVisible();
  await expect(page.getByTestId("audit-row").first()).toBeVisible();
  // With its style sheet, which had not come either.
  await expect(page.getByRole("columnheader", { name: "When" })).toHaveCSS("text-align", "right");
});
