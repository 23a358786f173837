import { picture, textFile } from "../fixtures/samples.ts";
import { makeWidget } from "../fixtures/team.ts";
import { expect, test } from "../fixtures/test.ts";

const prechat = { prechat_enabled: true, prechat_name: "required", prechat_email: "optional" };

test("a conversation by widget, from the form to the end and on", async ({ desk, owner, visitorOf }) => {
  const inbox = await makeWidget(owner, prechat);
  const visitor = await visitorOf(inbox);
  await visitor.open();
  await expect(visitor.frame.getByText("How can we help?")).toBeVisible();
  await visitor.introduce("Mira", "mira@example.org");
  await visitor.say("My lamp does not light up");

  await desk.openConversation("Mira");
  await expect(desk.message("My lamp does not light up")).toBeVisible();
  await desk.more("Take");
  await expect(desk.assignee("You")).toBeVisible();
  await expect(visitor.frame.getByText("Alex joined the conversation")).toBeVisible();

  await desk.replyField.pressSequentially("Which");
  await expect(visitor.frame.getByRole("status", { name: "Alex is typing" })).toBeVisible();
  await desk.reply("Which lamp is it?");
  await expect(visitor.bubble("Which lamp is it?")).toBeVisible();
  await expect(desk.delivery).toHaveAccessibleName("Read");

  await visitor.field.pressSequentially("The small");
  await expect(desk.timeline.getByText("Mira is typing")).toBeVisible();
  await visitor.say("The small green one");
  await expect(desk.message("The small green one")).toBeVisible();
  await expect(visitor.frame.getByText(/^Read · /)).toBeVisible();

  await desk.note("Known fault of this series");
  await expect(desk.message("Known fault of this series")).toHaveAttribute("data-direction", "note");
  await desk.reply("We send you a new one");
  await expect(visitor.bubble("We send you a new one")).toBeVisible();
  expect((await visitor.texts()).join()).not.toContain("Known fault");

  await desk.resolve();
  await expect(visitor.frame.getByText("The question was marked as resolved")).toBeVisible();
  await visitor.say("One more thing");
  await expect(desk.message("One more thing")).toBeVisible();
  await expect(desk.page.getByRole("button", { name: "Resolve", exact: true })).toBeVisible();
});

test("files go both ways", async ({ desk, owner, visitorOf }) => {
  const visitor = await visitorOf(await makeWidget(owner));
  await visitor.open();
  await visitor.sendFiles([picture("lamp.png")], "Look");
  await desk.rows.first().click();
  const image = desk.page.getByRole("img", { name: "lamp.png" });
  await expect(image).toBeVisible();
  await expect.poll(() => image.evaluate((element: HTMLImageElement) => element.naturalWidth)).toBe(8);
  await desk.page.getByRole("button", { name: "Open image lamp.png" }).click();
  await expect(desk.page.getByRole("dialog").getByRole("img", { name: "lamp.png" })).toBeVisible();
  await desk.page.keyboard.press("Escape");

  await desk.sendFiles([picture("spare.png"), textFile("manual.txt", "Turn it on.\n")], "Both at once");
  const preview = visitor.frame.getByRole("button", { name: "Open image spare.png" }).locator("img");
  await expect.poll(() => preview.evaluate((element: HTMLImageElement) => element.naturalWidth)).toBe(8);
  const link = visitor.frame.getByRole("link", { name: /^Download manual.txt/ });
  const download = visitor.page.waitForEvent("download");
  await link.click();
  const stream = await (await download).createReadStream();
  expect(Buffer.concat(await stream.toArray()).toString()).toBe("Turn it on.\n");
});

test("a file whose content is not what it says is refused where it was chosen", async ({ desk, owner, visitorOf, watch }) => {
  watch.allow({ text: /status of 415/, at: /\/files\?name=/ });
  const visitor = await visitorOf(await makeWidget(owner));
  await visitor.open();
  await visitor.frame
    .locator('.composer input[type="file"]')
    .setInputFiles({ name: "photo.png", mimeType: "image/png", buffer: Buffer.from("<!doctype html><script>alert(1)</script>") });
  await expect(visitor.frame.getByText("This kind of file is not accepted")).toBeVisible();
  await expect(desk.rows).toHaveCount(0);
});

test("an edit and a deletion reach the visitor, the console keeps the earlier text", async ({ desk, owner, visitorOf }) => {
  const visitor = await visitorOf(await makeWidget(owner));
  await visitor.open();
  await visitor.say("What does it cost?");
  await desk.rows.first().click();
  await desk.reply("It costs 10");
  await expect(visitor.bubble("It costs 10")).toBeVisible();

  await desk.edit("It costs 10", "It costs 12");
  await expect(visitor.bubble("It costs 12")).toContainText("edited");
  await expect(visitor.bubble("It costs 10")).toHaveCount(0);
  await desk.message("It costs 12").getByRole("button", { name: "edited" }).click();
  await expect(desk.page.getByRole("region", { name: "Earlier text" })).toContainText("It costs 10");
  await desk.page.keyboard.press("Escape");

  await desk.reply("A mistake");
  await expect(visitor.bubble("A mistake")).toBeVisible();
  await desk.remove("A mistake");
  await expect(visitor.bubble("A mistake")).toHaveCount(0);
  await expect(visitor.bubble("Message deleted")).toBeVisible();
  await desk.message("Message deleted").getByRole("button").click();
  await expect(desk.page.getByRole("region", { name: "Earlier text" })).toContainText("A mistake");
});

test("an answer to one message quotes it on both sides", async ({ desk, owner, visitorOf }) => {
  const visitor = await visitorOf(await makeWidget(owner));
  await visitor.open();
  await visitor.say("Do you ship abroad?");
  await visitor.say("And do you wrap gifts?");
  await desk.rows.first().click();
  await desk.onMessage("Do you ship abroad?", "Reply");
  await expect(desk.replyField).toBeFocused();
  await desk.replyField.fill("Yes, everywhere");
  await desk.replyField.press("Enter");
  await expect(visitor.bubble("Yes, everywhere").locator(".quote")).toContainText("Do you ship abroad?");
  await expect(desk.message("Yes, everywhere").getByRole("button", { name: /Do you ship abroad/ })).toBeVisible();
});

test("unread: a badge on the closed widget, a number in the list", async ({ desk, owner, visitorOf }) => {
  const visitor = await visitorOf(await makeWidget(owner));
  await visitor.open();
  await visitor.say("First");
  await visitor.say("Second");
  await expect(desk.rows.first()).toHaveAttribute("data-unread", "true");
  await expect(desk.rows.first().getByLabel("2 unread")).toBeVisible();
  await desk.rows.first().click();
  await expect(desk.rows.first()).toHaveAttribute("data-unread", "false");

  await visitor.close();
  await desk.reply("An answer");
  await expect(visitor.badge).toHaveText("1");
  await expect(visitor.launcher).toHaveAccessibleName(/1 unread message/);
  await visitor.open();
  await expect(visitor.bubble("An answer")).toBeVisible();
  await expect(visitor.badge).toBeHidden();
});

test("a visitor who returns finds the conversation, another visitor does not", async ({ desk, owner, visitorOf }) => {
  const inbox = await makeWidget(owner);
  const visitor = await visitorOf(inbox);
  await visitor.open();
  await visitor.say("Remember me");
  await desk.rows.first().click();
  await desk.reply("Of course");
  await expect(visitor.bubble("Of course")).toBeVisible();

  await visitor.page.reload();
  await visitor.open();
  await expect(visitor.bubble("Remember me")).toBeVisible();
  await expect(visitor.bubble("Of course")).toBeVisible();

  const stranger = await visitorOf(inbox);
  await stranger.open();
  await expect(stranger.field).toBeVisible();
  await expect(stranger.bubbles).toHaveCount(0);
});

test("while nobody is there, a visitor leaves a message with an address", async ({ desk, owner, visitorOf }) => {
  await owner.api.me.setStatus("offline");
  const visitor = await visitorOf(await makeWidget(owner));
  await visitor.open();
  await visitor.frame.getByLabel("Name").fill("Noor");
  await visitor.frame.getByLabel("Email").fill("noor@example.org");
  await visitor.frame.getByLabel("Message", { exact: true }).fill("Call me tomorrow");
  await visitor.frame.getByRole("button", { name: "Leave message" }).click();
  await expect(visitor.frame.getByText(/answer will come to noor@example.org/)).toBeVisible();
  await desk.openConversation("Noor");
  await expect(desk.message("Call me tomorrow")).toBeVisible();
});

test("where the form for absence is off, a visitor writes although nobody is there", async ({ desk, owner, visitorOf }) => {
  await owner.api.me.setStatus("offline");
  const visitor = await visitorOf(await makeWidget(owner, { offline_form: false, away_message: "We are back at nine" }));
  await visitor.open();
  await expect(visitor.frame.getByText("We are back at nine")).toBeVisible();
  await visitor.say("I can wait");
  await expect(desk.rows.first()).toContainText("I can wait");
});

test("when all visitors are signed out, whoever comes back begins anew, and nothing is lost here", async ({ desk, owner, visitorOf, watch }) => {
  watch.allow({ text: /status of 401/, at: /\/widget\// });
  const inbox = await makeWidget(owner);
  const visitor = await visitorOf(inbox);
  await visitor.open();
  await visitor.say("Written at a shared computer");
  await expect(desk.rows).toHaveCount(1);

  const { page } = desk;
  await desk.visit(`/channels/${inbox.id}`);
  const button = page.getByRole("region", { name: "Visitors" }).getByRole("button");
  const dialog = page.getByRole("dialog", { name: "Sign out all visitors?" });
  await button.click();
  await expect(dialog.getByRole("button", { name: "Sign out all visitors" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(button).toBeFocused();
  await button.click();
  await dialog.getByRole("button", { name: "Sign out all visitors" }).click();
  await expect(page.getByText("All visitors are signed out")).toBeVisible();

  await visitor.page.reload();
  await visitor.open();
  await expect(visitor.field).toBeVisible();
  await expect(visitor.bubbles).toHaveCount(0);
  await visitor.say("Somebody new");
  await desk.visit("/inbox?view=open");
  await expect(desk.rows).toHaveCount(2);
});
