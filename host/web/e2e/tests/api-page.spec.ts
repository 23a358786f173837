import { expect, test } from "../fixtures/test.ts";

test("the page of the API shows every call and asks no other host", async ({ host, open }) => {
  const page = await (await open()).newPage();
  await page.goto(`${host.url}/api/docs`);
  await expect(page.getByText("/api/v1/conversations/{id}/messages").first()).toBeVisible();
});
