import type { Locator, Page, Route } from "@playwright/test";
import { type Edition, edition } from "../fixtures/edition.ts";
import { install } from "../fixtures/plugins.ts";
import { expect, test } from "../fixtures/test.ts";

// A host that is built for tests compiles a plugin for a quarter of a minute where others compile beside it.
test.describe.configure({ timeout: 150_000 });
const compiled = { timeout: 60_000 };

const more = "[limits]\nmemory_mb = 128\n";

const part = (page: Page, name: string | RegExp): Locator => page.getByRole("region", { name, exact: true });
const release = (page: Page, version: string): Locator => page.getByTestId("release-row").filter({ hasText: version });

/** Sends another version from the plugin's own page. */
async function upload(page: Page, file: Edition): Promise<Locator> {
  await page.getByRole("button", { name: "Install another version" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.locator('input[type="file"]').setInputFiles(file);
  await dialog.getByRole("button", { name: "Install", exact: true }).click();
  return page.getByRole("dialog", { name: "What Order status asks for" });
}

test("a version that asks for more waits, is declined, approved after all, and left again", async ({ owner, consoleOf }) => {
  await install(owner, "order-status");
  const { page } = await consoleOf(owner, "/plugins/order-status");
  const rights = part(page, "Rights");
  await expect(page.getByTestId("plugin-state")).toHaveText("Running", compiled);
  await expect(rights).toContainText("64 MiB");
  // By the title of the setting, not by its name.
  await expect(rights).toContainText("call the address in the setting “Address of an order”");

  const review = await upload(page, await edition("order-status", "0.2.0", more));
  await expect(review).toContainText("It wants more than before", compiled);
  await expect(review.getByRole("listitem").filter({ hasText: "use up to 128 MiB of memory" })).toBeVisible();
  await expect(review).not.toContainText("It wants to");
  await review.getByRole("button", { name: "Not now" }).click();

  const waiting = part(page, "Version 0.2.0 waits for your approval");
  await expect(waiting).toContainText("use up to 128 MiB of memory");
  await expect(release(page, "0.2.0")).toContainText("Waits");
  await waiting.getByRole("button", { name: "Decline" }).click();
  const confirm = page.getByRole("dialog", { name: "Decline version 0.2.0" });
  await expect(confirm).toContainText("Version 0.1.0 goes on running.");
  await confirm.getByRole("button", { name: "Decline" }).click();
  await expect(page.getByText("Order status 0.2.0 is declined")).toBeVisible();
  const declined = part(page, "Version 0.2.0 was declined");
  await expect(declined).toContainText("Version 0.1.0 goes on running.");
  await expect(release(page, "0.2.0")).toContainText("Declined");
  await expect(page.getByTestId("plugin-state")).toHaveText("Running");
  await page.getByRole("link", { name: "Plugins" }).click();
  await expect(page.getByTestId("plugin-row")).toContainText("Version 0.2.0 is declined");
  await page.getByRole("link", { name: "Order status" }).click();

  await declined.getByRole("button", { name: "Approve after all" }).click();
  await expect(release(page, "0.2.0")).toContainText("Runs", compiled);
  await expect(declined).toHaveCount(0);
  await expect(rights).toContainText("128 MiB");
  await expect(rights).toContainText("More than usual");

  // The way between the two is named by where it leads.
  await page.getByRole("button", { name: "Go back to 0.1.0" }).click();
  await expect(release(page, "0.1.0")).toContainText("Runs", compiled);
  await expect(rights).toContainText("64 MiB");
  await page.getByRole("button", { name: "Switch to 0.2.0" }).click();
  await expect(release(page, "0.2.0")).toContainText("Runs", compiled);
});

test("what was replaced behind one's back is not approved; what is asked now is shown", async ({ owner, consoleOf, watch }) => {
  watch.allow({ text: /status of 409/, at: /\/plugins\/order-status\/approve$/ });
  const [seen, other] = await Promise.all([edition("order-status", "0.2.0", more), edition("order-status", "0.2.0", "[limits]\ncpu_ms = 500\n")]);
  const send = (file: Edition) => owner.api.plugins.install(new Blob([new Uint8Array(file.buffer)]), {});
  await send(seen);
  const { page } = await consoleOf(owner, "/plugins/order-status");
  const waiting = part(page, "Version 0.2.0 waits for your approval");
  await expect(waiting).toContainText("use up to 128 MiB of memory");
  const replace = async (route: Route) => {
    await owner.api.plugins.remove("order-status");
    await send(other);
    await route.continue();
  };
  await page.route("**/plugins/order-status/approve", replace, { times: 1 });
  await waiting.getByRole("button", { name: "Approve and run" }).click();
  await expect(page.getByText("Its file was replaced meanwhile. This is what it asks for now.")).toBeVisible(compiled);
  await expect(waiting).toContainText("compute for up to 500 ms in a call");
  await expect(waiting).not.toContainText("128 MiB");
  const { state, granted } = await owner.api.plugins.get("order-status");
  expect({ state, granted }).toEqual({ state: "waiting", granted: null });
});

test("an older version is installed only by who insists", async ({ owner, consoleOf, watch }) => {
  watch.allow({ text: /status of 422/, at: /\/api\/v1\/plugins\?/ });
  const newer = await edition("order-status", "0.3.0");
  await owner.api.plugins.install(new Blob([new Uint8Array(newer.buffer)]), { approve: true });
  const { page } = await consoleOf(owner, "/plugins/order-status");
  await expect(page.getByTestId("plugin-state")).toHaveText("Running", compiled);
  await upload(page, await edition("order-status", "0.2.0"));
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("alert")).toContainText("Not installed");
  await dialog.getByRole("button", { name: "Install the older version" }).click();
  await expect(dialog).toHaveCount(0, compiled);
  await expect(release(page, "0.2.0")).toContainText("Runs", compiled);
});
