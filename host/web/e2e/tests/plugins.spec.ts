import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { component } from "../fixtures/plugins.ts";
import { makeMember } from "../fixtures/team.ts";
import { expect, test } from "../fixtures/test.ts";

const refused = { text: /status of (400|409|422)/, at: /\/api\/v1\/plugins(\?|$)/ };

// A host that is built for tests compiles a plugin for a quarter of a minute where others compile beside it.
test.describe.configure({ timeout: 150_000 });
const compiled = { timeout: 60_000 };

/** Chooses files in the dialog and sends them. */
async function upload(page: Page, files: string | { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
  const dialog = page.getByRole("dialog");
  await dialog.locator('input[type="file"]').setInputFiles(files);
  await dialog.getByRole("button", { name: "Install", exact: true }).click();
}

async function installViber(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Plugins" }).click();
  await page.getByRole("button", { name: "Install a plugin" }).first().click();
  await upload(page, component("viber"));
  const dialog = page.getByRole("dialog", { name: "What Viber asks for" });
  await expect(dialog).toContainText("call viber.github.io");
  await dialog.getByRole("button", { name: "Approve and run" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Viber" })).toBeVisible();
  await expect(page.getByTestId("plugin-state")).toHaveText("Running", compiled);
}

test("a plugin is installed from a file, approved, used for a channel, switched off and removed", async ({ desk }) => {
  const { page } = desk;
  await page.getByRole("link", { name: "Plugins" }).click();
  await expect(page.getByText(/A plugin brings a channel/)).toBeVisible();
  await page.getByRole("button", { name: "Install a plugin" }).first().click();
  await upload(page, component("viber"));

  // Nothing runs before somebody has read what it asks for.
  const review = page.getByRole("dialog", { name: "What Viber asks for" });
  await expect(review).toContainText("call any address below viber.com");
  await expect(review).toContainText("Nobody vouches for this file");
  await review.getByRole("button", { name: "Not now" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Viber" })).toBeVisible();
  await expect(page.getByTestId("plugin-state")).toHaveText("Waiting for approval");
  await page.getByRole("region", { name: "Version 0.1.0 waits for your approval" }).getByRole("button", { name: "Approve and run" }).click();
  await expect(page.getByTestId("plugin-state")).toHaveText("Running", compiled);
  await expect(page.getByRole("region", { name: "Rights" })).toContainText("auth_token");
  await expect(page.getByTestId("release-row")).toContainText("Runs");

  await page.getByRole("button", { name: "Connect a channel" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Viber" })).toBeVisible();
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Shop in Viber");
  await page.getByLabel("Authentication token").fill("4453b6ac12345678-e02c5f12174805f9-daec9cbb5448c51f");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Shop in Viber" })).toBeVisible();
  await page.getByRole("link", { name: "Channels" }).click();
  const inbox = page.getByTestId("inbox-row").filter({ hasText: "Shop in Viber" });
  await expect(inbox).toBeVisible();
  await expect(inbox).not.toContainText("Its plugin does not run");

  await page.getByRole("link", { name: "Plugins" }).click();
  await page.getByTestId("plugin-row").getByRole("link", { name: /^Viber/ }).click();
  await expect(page.getByRole("region", { name: "State" }).getByRole("link", { name: "Shop in Viber" })).toBeVisible();
  await page.getByRole("switch", { name: "The plugin is on" }).click();
  await expect(page.getByText("Viber is off")).toBeVisible();
  await expect(page.getByTestId("plugin-state")).toHaveText("Off");
  await desk.undo("Viber is off");
  await expect(page.getByTestId("plugin-state")).toHaveText("Running", compiled);
  await page.getByRole("switch", { name: "The plugin is on" }).click();
  await expect(page.getByTestId("plugin-state")).toHaveText("Off");
  await page.getByRole("link", { name: "Channels" }).click();
  await expect(inbox).toContainText("Its plugin does not run");

  await desk.visit("/plugins/viber");
  await page.getByRole("button", { name: "Remove the plugin" }).click();
  const confirm = page.getByRole("dialog", { name: "Remove “Viber”" });
  await expect(confirm).toContainText("Shop in Viber");
  await confirm.getByRole("button", { name: "Remove the plugin" }).click();
  await expect(page.getByText("Viber is removed")).toBeVisible();
  await expect(page.getByTestId("plugin-row")).toHaveCount(0);
});

test("a file that is no plugin is refused with a sentence, and the dialog stays", async ({ desk, watch }) => {
  watch.allow(refused);
  const { page } = desk;
  await desk.visit("/plugins");
  await page.getByRole("button", { name: "Install a plugin" }).first().click();
  const dialog = page.getByRole("dialog");
  const input = dialog.locator('input[type="file"]');
  await input.setInputFiles({ name: "plugin.zip", mimeType: "application/zip", buffer: Buffer.from("zip") });
  await expect(dialog.getByRole("alert")).toContainText("A plugin is a .wasm file");
  await expect(dialog.getByRole("button", { name: "Install", exact: true })).toBeDisabled();

  await upload(page, { name: "plugin.wasm", mimeType: "application/wasm", buffer: Buffer.from("no WebAssembly at all") });
  await expect(dialog.getByRole("alert")).toContainText("this is no WebAssembly file");
  const whole = await readFile(component("viber"));
  await upload(page, { name: "half.wasm", mimeType: "application/wasm", buffer: whole.subarray(0, whole.length / 2) });
  await expect(dialog.getByRole("alert")).toContainText("the file ends in the middle");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByTestId("plugin-row")).toHaveCount(0);
});

test("a file is dropped on the page", async ({ desk }) => {
  const { page } = desk;
  await desk.visit("/plugins");
  await expect(page.getByText(/A plugin brings a channel/)).toBeVisible();
  const bytes = (await readFile(component("max"))).toString("base64");
  const dropped = await page.evaluateHandle(async (text) => {
    const data = new DataTransfer();
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    data.items.add(new File([bytes], "max.wasm", { type: "application/wasm" }));
    return data;
  }, bytes);
  await page.dispatchEvent("main", "dragover", { dataTransfer: dropped });
  await expect(page.getByText("Drop the files to install a plugin")).toBeVisible();
  await page.dispatchEvent("main", "drop", { dataTransfer: dropped });
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("max.wasm");
  await dialog.getByRole("button", { name: "Install", exact: true }).click();
  await expect(page.getByRole("dialog", { name: "What MAX asks for" })).toContainText("call the address in the setting “base_url”");
});

test("a colleague sees what another administrator installs, an operator sees no plugins", async ({ desk, owner, host, consoleOf }) => {
  const admin = await makeMember(host, owner, "Robin", "admin");
  const other = await consoleOf(admin, "/plugins");
  await expect(other.page.getByText(/A plugin brings a channel/)).toBeVisible();
  await installViber(desk.page);
  await expect(other.page.getByTestId("plugin-row")).toContainText("Viber");

  const operator = await makeMember(host, owner, "Kim", "operator");
  const third = await consoleOf(operator);
  await expect(third.page.getByRole("link", { name: "Inbox" })).toBeVisible();
  await expect(third.page.getByRole("link", { name: "Plugins" })).toHaveCount(0);
});
