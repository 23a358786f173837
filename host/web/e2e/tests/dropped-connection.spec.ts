import { makeWidget } from "../fixtures/team.ts";
import { expect, test } from "../fixtures/test.ts";
import { lostConnection } from "../fixtures/watch.ts";

test("what was written while the visitor's line was cut arrives once and in order", async ({ desk, owner, visitorOf, line, watch }) => {
  watch.allow(...lostConnection);
  const visitor = await visitorOf(await makeWidget(owner), { line });
  await visitor.open();
  await visitor.say("Before");
  await desk.rows.first().click();
  await desk.reply("Answer before");
  await expect(visitor.bubble("Answer before")).toBeVisible();

  line.cut();
  await expect(visitor.frame.getByText("No connection. Reconnecting")).toBeVisible();
  for (const text of ["Cut one", "Cut two", "Cut three"]) await visitor.say(text);
  await expect(visitor.bubble("Cut three")).toBeVisible();
  await desk.reply("Said meanwhile");
  await expect(desk.message("Said meanwhile")).toBeVisible();
  await expect(desk.message("Cut one")).toHaveCount(0);

  line.mend();
  await expect(visitor.frame.getByText("No connection. Reconnecting")).toBeHidden({ timeout: 25_000 });
  await expect(desk.message("Cut three")).toBeVisible({ timeout: 25_000 });
  const seen = ["Before", "Answer before", "Said meanwhile", "Cut one", "Cut two", "Cut three"];
  await expect.poll(() => visitor.texts()).toEqual(seen);
  await expect(desk.messages).toHaveCount(seen.length);
  await expect(desk.messages).toContainText(seen);
});

test("what an operator writes without a line waits and goes out once", async ({ owner, consoleOf, visitorOf, line, watch }) => {
  watch.allow(...lostConnection);
  const desk = await consoleOf(owner, "/inbox?view=open", { line });
  const visitor = await visitorOf(await makeWidget(owner));
  await visitor.open();
  await visitor.say("Hello?");
  await desk.rows.first().click();
  await expect(desk.message("Hello?")).toBeVisible();

  line.cut();
  await expect(desk.page.getByText("No connection. Drafts and unsent messages are kept")).toBeVisible();
  await desk.reply("Waiting one");
  await desk.reply("Waiting two");
  await expect(desk.message("Waiting two")).toBeVisible();
  for (const text of ["Are you there?", "Still there?"]) {
    await visitor.say(text);
    await expect(visitor.bubble(text)).toBeVisible();
  }
  await expect(visitor.frame.getByText(/^Sent · /)).toBeVisible();

  line.mend();
  await expect(visitor.bubble("Waiting two")).toBeVisible({ timeout: 30_000 });
  const seen = ["Hello?", "Are you there?", "Still there?", "Waiting one", "Waiting two"];
  await expect.poll(() => visitor.texts()).toEqual(seen);
  await expect(desk.message("Still there?")).toBeVisible({ timeout: 30_000 });
  await expect(desk.messages).toHaveCount(seen.length);
  await expect(desk.messages).toContainText(seen);
  await expect(desk.page.getByText("No connection. Drafts")).toBeHidden();
});

test("the host is killed in the middle of a conversation: nothing is lost, nothing is doubled", async ({ desk, host, owner, visitorOf, watch }) => {
  watch.allow(...lostConnection);
  const visitor = await visitorOf(await makeWidget(owner));
  await visitor.open();
  await visitor.say("One");
  await desk.rows.first().click();
  await desk.reply("Two");
  await expect(visitor.bubble("Two")).toBeVisible();

  await host.kill();
  await visitor.say("Three");
  await expect(visitor.bubble("Three")).toBeVisible();
  await desk.reply("Four");
  await expect(desk.message("Four")).toBeVisible();
  await host.startAgain();

  await expect(desk.message("Three")).toBeVisible({ timeout: 30_000 });
  await expect(visitor.bubble("Four")).toBeVisible({ timeout: 30_000 });
  await visitor.say("Five");
  await expect(desk.message("Five")).toBeVisible();
  expect((await visitor.texts()).toSorted()).toEqual(["Five", "Four", "One", "Three", "Two"]);
  await expect(desk.messages).toHaveCount(5);

  // The same after everything has been fetched anew, in one order on both sides.
  await desk.page.reload();
  await visitor.page.reload();
  await visitor.open();
  await expect(visitor.bubble("Five")).toBeVisible();
  await expect(desk.message("Five")).toBeVisible();
  const texts = await visitor.texts();
  expect(texts.toSorted()).toEqual(["Five", "Four", "One", "Three", "Two"]);
  await expect(desk.messages).toHaveCount(5);
  await expect(desk.messages).toContainText(texts);
});

test.describe("with tokens of one minute", () => {
  test.use({ settings: { OMNICHAT_AUTH__ACCESS_MINUTES: "1" } });

  test("a console goes on working after its token has run out", async ({ owner, consoleOf }) => {
    const sandbox = await owner.api.inboxes.create({ kind: "sandbox", title: "Training", config: {}, routing: "manual", proxy_url: null });
    // The page's clock, not ours, says when a token is to be renewed.
    const desk = await consoleOf(owner, "/channels");
    await desk.page.clock.install();
    await desk.visit("/inbox?view=open");
    const renewed = desk.page.waitForResponse((answer) => answer.url().endsWith("/api/v1/auth/refresh") && answer.ok());
    await desk.page.clock.fastForward(50_000);
    await renewed;
    await owner.api.inboxes.simulate(sandbox.id, { chat: "p1", name: "Mira", action: "message", text: "After the renewal" });
    await desk.openConversation("Mira");
    await expect(desk.message("After the renewal")).toBeVisible();
  });
});
