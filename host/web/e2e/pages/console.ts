import { expect, type Locator, type Page } from "@playwright/test";
import type { Sample } from "../fixtures/samples.ts";

/** The operator's console, in English, by what is written on it. */
export class Console {
  readonly rows: Locator;
  readonly messages: Locator;
  readonly timeline: Locator;
  readonly composer: Locator;
  readonly replyField: Locator;
  readonly noteField: Locator;

  constructor(
    readonly page: Page,
    private readonly url: string,
  ) {
    this.rows = page.getByTestId("conversation-row");
    this.messages = page.getByTestId("message");
    this.timeline = page.getByRole("log", { name: "Messages" });
    this.composer = page.getByTestId("composer");
    this.replyField = page.getByLabel("Reply to the customer");
    this.noteField = page.getByLabel("Note for colleagues");
  }

  async visit(path: string): Promise<void> {
    await this.page.goto(this.url + path);
  }

  row(name: string): Locator {
    return this.rows.filter({ hasText: name });
  }

  /** Opens a conversation from the list. */
  async openConversation(name: string): Promise<void> {
    await this.row(name).click();
    await expect(this.replyField).toBeVisible();
  }

  message(text: string): Locator {
    return this.messages.filter({ hasText: text });
  }

  async reply(text: string): Promise<void> {
    await this.tab("Reply");
    await this.replyField.fill(text);
    await this.replyField.press("Enter");
  }

  async note(text: string): Promise<void> {
    await this.tab("Note");
    await this.noteField.fill(text);
    await this.noteField.press("Enter");
  }

  /** Sends files with a caption, or without. */
  async sendFiles(files: Sample[], caption = ""): Promise<void> {
    await this.tab("Reply");
    await this.composer.getByTestId("file-input").setInputFiles(files);
    if (caption !== "") await this.replyField.fill(caption);
    await expect(this.send).toBeEnabled();
    await this.send.click();
  }

  get send(): Locator {
    return this.composer.getByTestId("send");
  }

  /** An entry of a message's own menu. */
  async onMessage(text: string, action: string): Promise<void> {
    const message = this.message(text);
    await message.hover();
    await message.getByRole("button", { name: "Message actions" }).click();
    await this.page.getByRole("menuitem", { name: action, exact: true }).click();
  }

  async edit(before: string, after: string): Promise<void> {
    await this.onMessage(before, "Edit");
    await this.composer.getByRole("textbox").fill(after);
    await this.composer.getByRole("button", { name: "Save" }).click();
  }

  async remove(text: string): Promise<void> {
    await this.onMessage(text, "Delete");
    await this.page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  }

  async more(action: string): Promise<void> {
    await this.page.getByRole("button", { name: "More actions" }).click();
    await this.page.getByRole("menuitem", { name: action, exact: true }).click();
  }

  async resolve(): Promise<void> {
    await this.page.getByRole("button", { name: "Resolve", exact: true }).click();
  }

  /** Chooses one's own status in the menu at the foot of the rail. */
  async setStatus(status: "Online" | "Break" | "Offline"): Promise<void> {
    await this.page.getByRole("button", { name: /^Profile: / }).click();
    await this.page.getByRole("menuitemradio", { name: status }).click();
    await expect(this.page.getByRole("button", { name: new RegExp(`^Profile: .*, ${status}$`) })).toBeVisible();
    // The menu may stay for another choice.
    await this.page.keyboard.press("Escape");
    await expect(this.page.getByRole("menu")).toHaveCount(0);
  }

  /** Says that a bot answers in the open conversation. */
  get botChip(): Locator {
    return this.page.getByTestId("bot-chip");
  }

  assignee(name: string): Locator {
    return this.page.getByRole("button", { name: `Assignee: ${name}` });
  }

  /** Takes an action back by the notice that tells of it. */
  async undo(notice: string): Promise<void> {
    const toast = this.page.locator('[role="status"][aria-live="polite"] > div').filter({ hasText: notice });
    await toast.getByRole("button", { name: "Undo" }).click();
  }

  /** The state of a message as far as the mark below its group tells. */
  get delivery(): Locator {
    return this.page.getByTestId("delivery").last();
  }

  private async tab(name: "Reply" | "Note"): Promise<void> {
    await this.composer.getByRole("tab", { name }).click();
  }
}
