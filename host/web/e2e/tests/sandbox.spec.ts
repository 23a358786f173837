import { picture } from "../fixtures/samples.ts";
import { makeSandbox } from "../fixtures/team.ts";
import { expect, test } from "../fixtures/test.ts";

test("the customer is called as the settings say", async ({ owner, consoleOf }) => {
  const config = { customer_name: "Trainee" };
  const inbox = await owner.api.inboxes.create({ kind: "sandbox", title: "Training", config, routing: "manual", proxy_url: null });
  const { page } = await consoleOf(owner, `/sandbox/${inbox.id}`);
  await expect(page.getByLabel("Customer's name")).toHaveValue("Trainee");
  await page.getByRole("textbox", { name: "Message" }).fill("Hello");
  await page.getByRole("textbox", { name: "Message" }).press("Enter");
  await expect(page.getByTestId("phone-message")).toContainText("Hello");
  expect((await owner.api.conversations.list({}, {})).items.map((c) => c.customer.name)).toEqual(["Trainee"]);
});

test("a customer is played in one tab and answered in another", async ({ desk, owner }) => {
  const inbox = await makeSandbox(owner);
  const stage = await desk.page.context().newPage();
  await stage.goto(new URL(`/sandbox/${inbox.id}`, desk.page.url()).href);
  const phone = stage.getByRole("region", { name: "The customer's phone" });
  await stage.getByLabel("Customer's name").fill("Mira");
  await phone.getByRole("textbox", { name: "Message" }).fill("Can I pay by card?");
  await phone.getByRole("textbox", { name: "Message" }).press("Enter");

  await desk.openConversation("Mira");
  await desk.reply("Yes, you can");
  await expect(phone.getByText("Yes, you can")).toBeVisible();
  await phone.getByRole("button", { name: "Mark as read" }).click();
  await expect(desk.delivery).toHaveAccessibleName("Read");

  await phone.getByTestId("phone-message").filter({ hasText: "Can I pay" }).hover();
  await phone.getByRole("button", { name: "Edit" }).click();
  await phone.getByRole("textbox", { name: "Message" }).fill("Can I pay in cash?");
  await phone.getByRole("textbox", { name: "Message" }).press("Enter");
  await expect(desk.message("Can I pay in cash?")).toContainText("edited");

  await phone.locator('input[type="file"]').setInputFiles([picture("card.png")]);
  await expect(desk.page.getByRole("img", { name: "card.png" })).toBeVisible();

  await phone.getByRole("textbox", { name: "Message" }).pressSequentially("Let me");
  await expect(desk.timeline.getByText("Mira is typing")).toBeVisible();
});
