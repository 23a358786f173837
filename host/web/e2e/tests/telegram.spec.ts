import { picture, textFile } from "../fixtures/samples.ts";
import { expect, test } from "../fixtures/test.ts";

const mira = { id: 501, name: "Mira" };

test("a conversation by Telegram with long polling", async ({ desk, owner, telegram }) => {
  await telegram.connect(owner);
  await telegram.write(mira, { text: "Is the shop open?" });
  await desk.openConversation("Mira");
  await expect(desk.message("Is the shop open?")).toBeVisible();

  await desk.reply("Until eight");
  await expect(desk.delivery).toHaveAccessibleName("Sent");
  await telegram.write(mira, { text: "Thank you" });
  await expect(desk.message("Thank you")).toBeVisible();
  expect(await telegram.accepted("sendMessage")).toBe(1);
  expect(telegram.bodies("sendMessage")[0]).toContain("Until eight");

  await desk.edit("Until eight", "Until nine");
  await expect.poll(() => telegram.accepted("editMessageText")).toBe(1);
  expect(telegram.bodies("editMessageText")[0]).toContain("Until nine");
  await expect(desk.message("Until nine")).toContainText("edited");

  await desk.remove("Until nine");
  await expect.poll(() => telegram.accepted("deleteMessage")).toBe(1);
  await expect(desk.message("Message deleted")).toBeVisible();
  expect(await telegram.accepted("sendMessage")).toBe(1);
  expect(await telegram.refused()).toEqual([]);
});

test("a photo comes in, a document goes out", async ({ desk, owner, telegram }) => {
  const fileId = await telegram.keepPhoto(picture("door.png"));
  await telegram.connect(owner);
  await telegram.write(mira, {
    caption: "This is the door",
    photo: [{ file_id: fileId, file_unique_id: "u1", width: 8, height: 8, file_size: 80 }],
  });
  await desk.openConversation("Mira");
  const image = desk.message("This is the door").getByRole("button", { name: /^Open image/ }).locator("img");
  await expect.poll(() => image.evaluate((element: HTMLImageElement) => element.naturalWidth)).toBe(8);

  await desk.sendFiles([textFile("price.txt", "A door costs 100.\n")], "Our prices");
  await expect(desk.delivery).toHaveAccessibleName("Sent");
  expect(await telegram.accepted("sendDocument")).toBe(1);
  const [body = ""] = telegram.bodies("sendDocument");
  expect(body).toContain("A door costs 100.");
  expect(body).toContain("price.txt");
  expect(body).toContain("Our prices");
  expect(await telegram.refused()).toEqual([]);
});

test("a press on a button comes back as an answer", async ({ desk, owner, telegram }) => {
  await telegram.connect(owner);
  await telegram.write(mira, { text: "I want to order" });
  await desk.openConversation("Mira");
  const [conversation] = (await owner.api.conversations.list({}, {})).items;
  await owner.api.messages.send(conversation?.id ?? "", {
    client_key: "ask-which-colour",
    kind: "reply",
    text: "Which colour?",
    buttons: [[{ text: "Green", kind: "reply", data: "green" }, { text: "Blue", kind: "reply", data: "blue" }]],
  });
  await expect(desk.message("Which colour?")).toBeVisible();
  await expect(desk.delivery).toHaveAccessibleName("Sent");
  await telegram.press(mira, 1, "green");
  await expect(desk.messages.last()).toContainText("green", { ignoreCase: true });
  await expect.poll(() => telegram.accepted("answerCallbackQuery")).toBe(1);
  expect(await telegram.refused()).toEqual([]);
});

test("by webhook: registered from the settings, delivered with the secret, repeated without doubling", async ({ desk, owner, telegram }) => {
  const inbox = await telegram.connect(owner, { mode: "webhook" });
  await desk.visit(`/channels/${inbox.id}`);
  await desk.page.getByRole("button", { name: "Register the webhook" }).click();
  await expect.poll(() => telegram.accepted("setWebhook")).toBeGreaterThan(0);
  await expect(desk.page.getByText("The webhook is registered")).toBeVisible();
  await expect(desk.page.getByText(new RegExp(`/webhooks/${inbox.id}`)).first()).toBeVisible();

  await telegram.write(mira, { text: "Through the webhook" });
  await desk.visit("/inbox?view=open");
  await desk.openConversation("Mira");
  await expect(desk.message("Through the webhook")).toBeVisible();
  await desk.reply("Heard");
  await expect(desk.delivery).toHaveAccessibleName("Sent");
  expect(await telegram.accepted("sendMessage")).toBe(1);
  expect(await telegram.accepted("getUpdates")).toBe(0);
  expect(await telegram.refused()).toEqual([]);
});

test("when the platform's answer is lost, the message is in doubt and is not sent again by itself", async ({ desk, owner, telegram }) => {
  await telegram.connect(owner);
  await telegram.write(mira, { text: "Where is my order?" });
  await desk.openConversation("Mira");
  telegram.loseAnswerOf("sendMessage");
  await desk.reply("On its way");
  await expect(desk.page.getByText("The channel was lost while sending: the message may have arrived.")).toBeVisible();
  // What comes after it is not held up, and only a person sends it again.
  await telegram.write(mira, { text: "Hello?" });
  await expect(desk.message("Hello?")).toBeVisible();
  expect(await telegram.accepted("sendMessage")).toBe(1);
  await desk.page.getByRole("button", { name: "Send again" }).click();
  await expect.poll(() => telegram.accepted("sendMessage")).toBe(2);
  await expect(desk.page.getByTestId("delivery").first()).toHaveAccessibleName("Sent");
});

test("a kind of message that nobody knows is shown as such", async ({ desk, owner, telegram }) => {
  await telegram.connect(owner);
  await telegram.write(mira, { something_new: { value: 1 } });
  await desk.openConversation("Mira");
  await expect(desk.messages.first()).toContainText("Unknown kind of message");
});
