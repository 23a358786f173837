import { expect, type FrameLocator, type Locator, type Page } from "@playwright/test";
import type { Sample } from "../fixtures/samples.ts";

/** A site's page with the widget, as a visitor sees it. */
export class Widget {
  readonly launcher: Locator;
  readonly badge: Locator;
  readonly frame: FrameLocator;
  readonly field: Locator;
  readonly bubbles: Locator;

  constructor(readonly page: Page) {
    this.launcher = page.locator("[data-omnichat] button.l");
    this.badge = this.launcher.locator(".b");
    this.frame = page.frameLocator("[data-omnichat] iframe");
    this.field = this.frame.getByLabel("Write a message");
    this.bubbles = this.frame.locator(".day .bubble:not(.dots)");
  }

  async open(): Promise<void> {
    await this.launcher.click();
    await expect(this.frame.getByRole("main")).toBeVisible();
  }

  async close(): Promise<void> {
    await this.frame.getByRole("button", { name: "Close chat" }).click();
    await expect(this.frame.getByRole("main")).toBeHidden();
  }

  /** Fills in the form before the chat. */
  async introduce(name: string, email: string): Promise<void> {
    await this.frame.getByLabel("Name").fill(name);
    await this.frame.getByLabel("Email").fill(email);
    await this.frame.getByRole("button", { name: "Start chat" }).click();
  }

  async say(text: string): Promise<void> {
    await this.field.fill(text);
    await this.field.press("Enter");
  }

  async sendFiles(files: Sample[], text = ""): Promise<void> {
    await this.frame.locator('.composer input[type="file"]').setInputFiles(files);
    if (text !== "") await this.field.fill(text);
    const send = this.frame.getByRole("button", { name: "Send", exact: true });
    await expect(send).toBeEnabled();
    await send.click();
  }

  /** A button below the last message that has it. */
  button(name: string): Locator {
    return this.frame.locator(".buttons").getByRole("button", { name }).last();
  }

  bubble(text: string): Locator {
    return this.bubbles.filter({ hasText: text });
  }

  /** What the visitor has said and heard, in order. */
  texts(): Promise<string[]> {
    return this.bubbles.locator(".text").allInnerTexts();
  }
}
