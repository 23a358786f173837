import { makeApiChannel, tell } from "../fixtures/api-channel.ts";
import { Shelf } from "../fixtures/shelf.ts";
import { expect, test } from "../fixtures/test.ts";

// A file that is larger than this is given up at once; one that is missing is asked for again during minutes.
test.use({ settings: { OMNICHAT_FILES__MAX_BYTES: "1000" } });

test("a file that could not be fetched says so and can be asked for again", async ({ desk, owner, host, closing }) => {
  const shelf = await Shelf.start();
  closing(() => shelf.close());
  const url = shelf.put("act.txt", Buffer.alloc(5000, "x"));
  const inbox = await makeApiChannel(owner);
  const attachments = [{ url, name: "act.txt", content_type: "text/plain" }];
  expect(await tell(host, inbox, { type: "message", id: "m-1", chat: "user-77", text: "The signed act", attachments, person: { name: "Mira" } })).toBe(200);

  await desk.openConversation("Mira");
  const message = desk.message("The signed act");
  await expect(message).toContainText("The file could not be fetched");
  const again = message.getByRole("button", { name: "Fetch again" });

  // It still is too large: on its way for a moment, then given up again.
  const [conversation] = (await owner.api.conversations.list({}, {})).items;
  const kept = async () => (await owner.api.messages.list(conversation?.id ?? "", {})).items[0];
  const before = (await kept())?.version ?? 0;
  await again.click();
  await expect.poll(async () => (await kept())?.version).toBe(before + 2);
  await expect(message).toContainText("The file could not be fetched");

  shelf.put("act.txt", Buffer.from("Signed."));
  await again.click();
  const file = message.getByRole("link", { name: /act\.txt/ });
  await expect(file).toBeVisible();
  await expect(again).toHaveCount(0);
  const href = (await file.getAttribute("href")) ?? "";
  const answer = await desk.page.request.get(new URL(href, host.url).href);
  expect(await answer.text()).toBe("Signed.");
});
