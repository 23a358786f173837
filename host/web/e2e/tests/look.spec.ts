import { makeSandbox, makeWidget } from "../fixtures/team.ts";
import { expect, test } from "../fixtures/test.ts";

test("Russian and English, kept with the operator", async ({ desk, owner, consoleOf }) => {
  const { page } = desk;
  await page.getByRole("button", { name: /^Profile: Alex/ }).click();
  await page.getByRole("menuitemradio", { name: "Русский" }).click();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("heading", { name: "Все открытые" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "ru");

  // Another device of the same operator speaks Russian too.
  const other = await consoleOf(owner);
  await expect(other.page.getByRole("heading", { name: "Все открытые" })).toBeVisible();
  await other.page.getByRole("button", { name: /^Профиль: Alex/ }).click();
  await other.page.getByRole("menuitemradio", { name: "English" }).click();
  await other.page.keyboard.press("Escape");
  await expect(other.page.getByRole("heading", { name: "All open" })).toBeVisible();
});

test("the widget speaks the visitor's language", async ({ owner, visitorOf }) => {
  const visitor = await visitorOf(await makeWidget(owner), { locale: "ru-RU" });
  await visitor.launcher.click();
  await expect(visitor.frame.getByLabel("Напишите сообщение")).toBeVisible();
});

test("light, dark, and as the system says", async ({ desk }) => {
  const { page } = desk;
  const html = page.locator("html");
  await expect(html).toHaveAttribute("data-mantine-color-scheme", "light");
  await page.getByRole("button", { name: /^Profile: Alex/ }).click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await expect(html).toHaveAttribute("data-mantine-color-scheme", "dark");
  await page.reload();
  await expect(html).toHaveAttribute("data-mantine-color-scheme", "dark");
  await page.getByRole("button", { name: /^Profile: Alex/ }).click();
  await page.getByRole("menuitemradio", { name: "As in the system" }).click();
  await expect(html).toHaveAttribute("data-mantine-color-scheme", "light");
  await page.emulateMedia({ colorScheme: "dark" });
  await expect(html).toHaveAttribute("data-mantine-color-scheme", "dark");
});

test.describe("on a phone", () => {
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

  test("the list, a conversation, an answer, and back, without scrolling sideways", async ({ owner, consoleOf }) => {
    const inbox = await makeSandbox(owner);
    const text = "A long sentence about a very long lamp: " + "lamp".repeat(60);
    await owner.api.inboxes.simulate(inbox.id, { chat: "p1", name: "Mira with a name that is long", action: "message", text });
    const desk = await consoleOf(owner, "/inbox?view=open", phone);
    const { page } = desk;
    const sideways = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    await expect(desk.row("Mira")).toBeVisible();
    expect(await sideways()).toBe(0);

    await desk.row("Mira").tap();
    await expect(desk.message("A long sentence")).toBeVisible();
    expect(await sideways()).toBe(0);
    await desk.reply("Short");
    await expect(desk.message("Short")).toBeVisible();
    await page.getByRole("button", { name: "Back" }).tap();
    await expect(desk.row("Mira")).toContainText("Short");

    const bar = page.getByRole("navigation", { name: "Areas" });
    const go = async (area: string) => {
      const link = bar.getByRole("link", { name: area });
      if (await link.count()) return link.tap();
      await bar.getByRole("button", { name: "More" }).tap();
      await page.getByRole("menuitem", { name: area }).tap();
    };
    for (const area of ["Customers", "Channels", "Bots", "Team", "Quarantine", "Profile"]) {
      await go(area);
      await expect(page.getByRole("heading", { level: 1, name: area })).toBeVisible();
      expect(await sideways(), area).toBe(0);
    }
  });

  test("the widget fills the screen", async ({ owner, visitorOf }) => {
    const visitor = await visitorOf(await makeWidget(owner), phone);
    await visitor.launcher.tap();
    await expect(visitor.field).toBeVisible();
    await expect.poll(async () => (await visitor.page.locator("[data-omnichat] .p").boundingBox())?.width).toBe(390);
    await visitor.say("From a phone");
    await expect(visitor.bubble("From a phone")).toBeVisible();
  });
});
