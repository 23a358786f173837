import { makeMember, makeSandbox } from "../fixtures/team.ts";
import { expect, test } from "../fixtures/test.ts";

test("two operators: who looks and writes is seen, the slower one is told, handing over is live", async ({ desk, owner, host, consoleOf }) => {
  const robin = await makeMember(host, owner, "Robin");
  const inbox = await makeSandbox(owner);
  await owner.api.inboxes.simulate(inbox.id, { chat: "p1", name: "Mira", action: "message", text: "Who is there?" });
  const other = await consoleOf(robin);

  await desk.openConversation("Mira");
  await other.openConversation("Mira");
  await expect(desk.page.getByText("Robin is viewing")).toBeAttached();
  await other.replyField.pressSequentially("I am");
  await expect(desk.page.getByText("Robin is replying")).toBeVisible();

  await desk.more("Take");
  await expect(desk.assignee("You")).toBeVisible();
  await expect(other.assignee("Alex")).toBeVisible();

  await desk.more("Transfer to a colleague");
  const dialog = desk.page.getByRole("dialog", { name: "Transfer to a colleague" });
  await dialog.getByRole("button", { name: /Robin/ }).click();
  await dialog.getByLabel("Comment").fill("Yours, the lamp again");
  await dialog.getByRole("button", { name: "Transfer", exact: true }).click();
  await expect(desk.assignee("Robin")).toBeVisible();
  await expect(other.assignee("You")).toBeVisible();
  await expect(other.timeline.getByText("Alex transferred to Robin")).toBeVisible();
  await expect(other.timeline.getByText("Yours, the lamp again")).toBeVisible();

  await other.assignee("You").click();
  await other.page.getByRole("button", { name: "Unassign" }).click();
  await expect(desk.assignee("Nobody")).toBeVisible();
  await desk.assignee("Nobody").click();
  await desk.page.getByRole("dialog").getByRole("button", { name: /Robin/ }).click();
  await expect(other.assignee("You")).toBeVisible();
});

test("routing gives new conversations to who is online, and shows only what one may see", async ({ owner, host, consoleOf }) => {
  await owner.api.me.setStatus("break");
  const robin = await makeMember(host, owner, "Robin", "operator");
  const kim = await makeMember(host, owner, "Kim", "operator");
  const [mine, other] = [await consoleOf(robin, "/inbox"), await consoleOf(kim, "/inbox?view=unassigned")];
  await mine.setStatus("Online");

  const inbox = await owner.api.inboxes.create({ kind: "sandbox", title: "Round", config: {}, routing: "round_robin", proxy_url: null });
  const come = (name: string) => owner.api.inboxes.simulate(inbox.id, { chat: name, name, action: "message", text: `Hello from ${name}` });
  await come("Mira");
  await expect(mine.row("Mira")).toBeVisible();
  await mine.setStatus("Offline");

  await come("Noor");
  await expect(other.row("Noor")).toBeVisible();
  await expect(other.row("Mira")).toHaveCount(0);
  await expect(mine.row("Noor")).toHaveCount(0);
});

test("of two who take at once, one gets it and the other is told", async ({ desk, owner, host, consoleOf, watch }) => {
  watch.allow({ text: /status of 409/, at: /\/take$/ });
  const robin = await makeMember(host, owner, "Robin");
  const inbox = await makeSandbox(owner);
  await owner.api.inboxes.simulate(inbox.id, { chat: "p1", name: "Mira", action: "message", text: "Who takes me?" });
  const other = await consoleOf(robin);
  await desk.openConversation("Mira");
  await other.openConversation("Mira");

  // Robin's request is held until Alex has it.
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await other.page.route("**/take", async (route) => {
    await held;
    await route.continue();
  }, { times: 1 });
  await other.more("Take");
  await desk.more("Take");
  await expect(desk.assignee("You")).toBeVisible();
  await expect.poll(async () => (await owner.api.conversations.list({}, {})).items[0]?.assignee_id).toBe(owner.operator.id);
  release();
  await expect(other.page.getByText("Somebody was quicker, the new state is shown")).toBeVisible();
  await expect(other.assignee("Alex")).toBeVisible();
});

test("what the customer writes meanwhile does not stand in the way of who takes", async ({ desk, owner }) => {
  const inbox = await makeSandbox(owner);
  const write = (text: string) => owner.api.inboxes.simulate(inbox.id, { chat: "p1", name: "Mira", action: "message", text });
  await write("Who takes me?");
  await desk.openConversation("Mira");

  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await desk.page.route("**/take", async (route) => {
    await held;
    await route.continue();
  }, { times: 1 });
  await desk.more("Take");
  await write("I am still here");
  await expect(desk.message("I am still here")).toBeVisible();
  release();
  await expect.poll(async () => (await owner.api.conversations.list({}, {})).items[0]?.assignee_id).toBe(owner.operator.id);
  await expect(desk.assignee("You")).toBeVisible();
});
