import { makeApiChannel, tell } from "../fixtures/api-channel.ts";
import type { Host } from "../fixtures/host.ts";
import { makeMember, makeSandbox, type Member } from "../fixtures/team.ts";
import { expect, test } from "../fixtures/test.ts";

function signIn(host: Host, email: string, password: string): Promise<Response> {
  return fetch(`http://127.0.0.1:${host.port}/api/v1/auth/sign-in`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password, transport: "body" }),
  });
}

/** What was refused is written down a moment after the answer. */
async function written(owner: Member, ...actions: string[]): Promise<void> {
  const known = async () => new Set((await owner.api.audit.list({ limit: 100 })).items.map((entry) => entry.action));
  await expect
    .poll(async () => {
      const there = await known();
      return actions.filter((action) => !there.has(action));
    })
    .toEqual([]);
}

test("who came in, and what was refused to whom from where", async ({ desk, owner, host }) => {
  const sam = await makeMember(host, owner, "Sam", "operator");
  const inbox = await makeApiChannel(owner);
  expect((await signIn(host, owner.email, "not this one")).status).toBe(401);
  expect((await signIn(host, owner.email, "nor this one")).status).toBe(401);
  await expect(sam.api.audit.list({})).rejects.toMatchObject({ code: "forbidden" });
  expect(await tell(host, inbox, { type: "typing", chat: "user-77", on: true }, "another secret, of a stranger")).toBe(401);
  await written(owner, "sign_in.refused", "access.refused", "webhook.refused");

  const { page } = desk;
  await page.getByRole("link", { name: "Audit log" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Audit log" })).toBeVisible();
  const row = (what: string) => page.getByTestId("audit-row").filter({ hasText: what });

  // The same again is one line.
  const refused = row("Sign-in refused: wrong password");
  await expect(refused).toHaveCount(1);
  await expect(refused.getByLabel("Security")).toBeVisible();
  await expect(refused).toContainText("from 127.0.0.1");
  await expect(refused.getByRole("cell").nth(1)).toHaveText("Somebody unknown");
  await expect(refused.getByRole("cell").nth(2)).toHaveText("Alex");

  await expect(row("Access refused")).toContainText("/api/v1/audit");
  await expect(row("Access refused").getByRole("cell").nth(1)).toHaveText("Sam");
  await expect(row("Webhook with a wrong signature").getByRole("cell").nth(2)).toHaveText("Own system");
  await expect(row("Colleague added").getByRole("cell").nth(2)).toHaveText("Sam");

  // Browsers are told in words, and whoever signs in is not named twice.
  const came = row("Signed in").filter({ hasText: "Chrome" }).first();
  await expect(came.getByRole("cell").nth(1)).toHaveText("Alex");
  await expect(came.getByRole("cell").nth(2)).toHaveText("");
});

test("older lines come by pages, and say so when they do not", async ({ desk, owner, watch }) => {
  watch.allow({ text: /net::ERR_FAILED/, at: /\/audit\?/ });
  let inbox = await makeSandbox(owner);
  for (let n = 1; n <= 55; n += 1) {
    inbox = await owner.api.inboxes.update(inbox.id, { title: `Training ${n}`, version: inbox.version });
  }
  const { page } = desk;
  await desk.visit("/audit");
  const rows = page.getByTestId("audit-row");
  await expect(rows).toHaveCount(50);
  await expect(rows.first()).toContainText("Channel changed");
  const more = page.getByRole("button", { name: "Show more" });

  await page.route("**/api/v1/audit?*", (route) => route.abort());
  await more.click();
  await expect(page.getByText("Older lines did not come.")).toBeVisible();
  await expect(rows).toHaveCount(50);

  await page.unroute("**/api/v1/audit?*");
  await more.click();
  await expect(rows.last()).toContainText("Organisation founded");
  await expect(more).toHaveCount(0);
  await expect(page.getByText("Older lines did not come.")).toHaveCount(0);
});

test("on a phone a line needs no scrolling sideways", async ({ owner, consoleOf }) => {
  const desk = await consoleOf(owner, "/audit", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const row = desk.page.getByTestId("audit-row").filter({ hasText: "Organisation founded" });
  await expect(row.getByText("Organisation founded")).toBeInViewport();
  await expect(row.locator("time")).toBeInViewport();
  expect(await desk.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
});
