import { makeApiChannel, tell } from "../fixtures/api-channel.ts";
import { expect, test } from "../fixtures/test.ts";

const listing = {
  title: "Two rooms by the river",
  url: "https://example.org/flats/5",
  facts: { price: "90 000", city: "Kazan" },
};

test("one person on two inboxes is one customer, with what is spoken of beside each conversation", async ({ desk, owner, host }) => {
  const shop = await makeApiChannel(owner, "Shop");
  const flats = await makeApiChannel(owner, "Flats");
  const person = { id: "77", scope: "platform:acme", name: "Mira", username: "mira_l", also: [{ scope: "phone", id: "+7 900 000-00-00" }] };
  expect(await tell(host, shop, { type: "message", id: "1", chat: "77", text: "Where is my order?", person })).toBe(200);
  expect(await tell(host, flats, { type: "message", id: "1", chat: { id: "flat-5", context: listing }, text: "Is the flat free?", person })).toBe(200);

  const { page } = desk;
  await desk.openConversation("Is the flat free?");
  const details = page.getByRole("region", { name: "Conversation", exact: true });
  const link = details.getByRole("link", { name: listing.title });
  await expect(link).toHaveAttribute("href", listing.url);
  await expect(details).toContainText("90 000");
  const from = page.getByRole("region", { name: "Writes from" });
  await expect(from.getByRole("listitem")).toHaveCount(3);
  await expect(from).toContainText("@mira_l");
  await expect(from).toContainText("Shop · 77");
  await expect(from).toContainText("Flats · 77");
  await expect(from).toContainText("Phone · 79000000000");
  await expect(page.getByRole("region", { name: "Other conversations" })).toContainText("Where is my order?");
});

test("in a group each message says who wrote it", async ({ desk, owner, host }) => {
  const inbox = await makeApiChannel(owner);
  const chat = { id: "group-5", kind: "group", title: "House 7" };
  const says = (id: string, name: string, text: string) =>
    tell(host, inbox, { type: "message", id, chat, text, person: { id: name, scope: "platform:acme", name } });
  expect(await says("1", "Lev", "Who has the key?")).toBe(200);
  await desk.openConversation("House 7");
  expect(await says("2", "Zoya", "I have it")).toBe(200);
  await expect(desk.message("Who has the key?")).toBeVisible();
  const timeline = desk.page.getByRole("log");
  await expect(timeline).toContainText("Lev");
  await expect(timeline).toContainText("Zoya");
  await expect(desk.page.getByTestId("conversation-row")).toContainText("Zoya: I have it");
});
