import type { Page } from "@playwright/test";
import type { Inbox, PluginDetail } from "@omnichat/api-client/types";
import { install, post } from "../fixtures/plugins.ts";
import type { Member } from "../fixtures/team.ts";
import { makeMember } from "../fixtures/team.ts";
import { expect, test } from "../fixtures/test.ts";

// A host that is built for tests compiles a plugin for a quarter of a minute where others compile beside it.
test.describe.configure({ timeout: 150_000 });
const compiled = { timeout: 60_000 };

const token = "a token of the platform";

/** A channel of a plugin. Nobody takes what is sent to it. */
async function makeLetterbox(owner: Member): Promise<Inbox> {
  await install(owner, "letterbox");
  await expect.poll(async () => (await owner.api.plugins.get("letterbox")).state, compiled).toBe("running");
  const config = { api_url: "http://127.0.0.1:9", token };
  return owner.api.inboxes.create({ kind: "letterbox", title: "Post", config, routing: "manual", proxy_url: null });
}

/** What the plugins of the tree never do, as the host would tell it: its own answer with some of it in another way. */
async function tell(page: Page, other: Partial<PluginDetail>): Promise<void> {
  await page.route("**/api/v1/plugins/letterbox", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...((await response.json()) as PluginDetail), ...other } });
  });
}

test("where the plugin of a channel is off, the composer says so, and the channel leads to it", async ({ owner, host, consoleOf }) => {
  const inbox = await makeLetterbox(owner);
  await post(host, inbox, token, { id: "1", from: "mira", name: "Mira", text: "Is this on?" });
  const desk = await consoleOf(owner);
  await desk.openConversation("Mira");
  await desk.replyField.fill("Yes, it is");
  await expect(desk.send).toBeEnabled();

  await owner.api.plugins.disable("letterbox");
  await desk.visit("/inbox?view=open");
  await desk.row("Mira").click();
  const reason = desk.composer.getByText("The plugin “Letterbox” is switched off. Answers cannot go out, a note can be left.");
  await expect(reason).toBeVisible();
  await desk.composer.getByRole("tab", { name: "Reply" }).click();
  await expect(reason).toBeVisible();
  await expect(desk.replyField).toBeDisabled();
  await expect(desk.composer).not.toContainText("too many");
  await expect(desk.replyField).toHaveValue("Yes, it is");

  // A colleague who may not look at plugins hears as much as that.
  const other = await consoleOf(await makeMember(host, owner, "Kim", "operator"));
  await other.row("Mira").click();
  await expect(other.composer).toContainText("does not run on this host. Answers cannot go out");

  await desk.visit(`/channels/${inbox.id}`);
  await desk.page.getByRole("link", { name: "To the plugin", exact: true }).click();
  await expect(desk.page.getByRole("heading", { level: 1, name: "Letterbox" })).toBeVisible();

  await owner.api.plugins.remove("letterbox");
  await desk.visit(`/channels/${inbox.id}`);
  await expect(desk.page.getByText("The plugin “letterbox” is not installed.")).toBeVisible();
  await desk.page.getByRole("link", { name: "To the plugins" }).click();
  await expect(desk.page.getByRole("heading", { level: 1, name: "Plugins" })).toBeVisible();
});

test("a refused webhook is told in the plugin's own words", async ({ owner, host, consoleOf }) => {
  const inbox = await makeLetterbox(owner);
  await expect(post(host, inbox, "another token", { id: "1", from: "mira", text: "Let me in" })).rejects.toThrow("refused: 401");
  const { page } = await consoleOf(owner, "/plugins/letterbox");
  const error = page.getByTestId("plugin-errors");
  await expect(error).toContainText("the signature is missing or wrong");
  await expect(error).toContainText("Post");
  await expect(page.getByRole("region", { name: "Last faults" })).toContainText("None since it was started.");
});

test("a pause says for whom and until when, and a long trace is folded", async ({ owner, consoleOf }) => {
  const inbox = await makeLetterbox(owner);
  const { health } = await owner.api.plugins.get("letterbox");
  const message = ["wasm trap: unreachable", ...Array.from({ length: 9 }, (_, n) => `  ${n}: letterbox.wasm!parse::step_${n}`)].join("\n");
  const desk = await consoleOf(owner);
  await tell(desk.page, {
    health: { ...health, paused: [{ account: inbox.id, until: "2026-01-01T18:30:00Z" }] },
    faults: [{ at: "2026-01-01T18:20:00Z", export: "parse-webhook", account: inbox.id, outcome: "trap", message }],
  });
  await desk.visit("/plugins/letterbox");
  await expect(desk.page.getByText("Paused for Post until 18:30")).toBeVisible();
  const fault = desk.page.getByTestId("plugin-faults");
  const folded = (await fault.boundingBox())?.height ?? 0;
  await fault.getByRole("button", { name: "Show all" }).press("Enter");
  await expect(fault.getByRole("button", { name: "Show less" })).toHaveAttribute("aria-expanded", "true");
  expect((await fault.boundingBox())?.height ?? 0).toBeGreaterThan(folded + 80);
});

test("the log is filtered by level, function and channel", async ({ owner, consoleOf }) => {
  const inbox = await makeLetterbox(owner);
  const line = (level: "error" | "info" | "debug", fn: string, account: string, message: string) => ({
    at: "2026-01-01T10:00:00Z",
    level,
    export: fn,
    account,
    message,
    fields: "",
  });
  const log = [
    line("error", "send", inbox.id, "the platform is gone"),
    line("info", "parse-webhook", inbox.id, "a sticker was skipped"),
    line("debug", "describe", "", "hello"),
  ];
  const desk = await consoleOf(owner);
  const { page } = desk;
  await tell(page, { log, log_dropped: 2 });
  await desk.visit("/plugins/letterbox");
  const section = page.getByRole("region", { name: "Log", exact: true });
  const lines = section.getByTestId("plugin-log-line");
  await expect(lines).toHaveCount(3);
  await expect(section).toContainText("3 lines · 2 lines were dropped");

  await section.getByText("Errors", { exact: true }).click();
  await expect(lines).toHaveText([/the platform is gone/]);
  await expect(section).toContainText("1 of 3 lines");
  await section.getByText("All", { exact: true }).click();

  await section.getByRole("combobox", { name: "Function" }).click();
  await page.getByRole("option", { name: "parse-webhook" }).click();
  await expect(lines).toHaveText([/a sticker was skipped/]);
  await section.getByText("Errors", { exact: true }).click();
  await expect(section).toContainText("Nothing fits these filters.");

  await page.reload();
  await section.getByRole("combobox", { name: "Channel" }).click();
  await page.getByRole("option", { name: "Post" }).click();
  await expect(lines).toHaveText([/the platform is gone/, /a sticker was skipped/]);
});
