import { expect, test } from "../fixtures/test.ts";

const mira = { id: 501, name: "Mira" };

test("what Telegram tells beyond words is shown", async ({ desk, owner, telegram }) => {
  await telegram.connect(owner);
  await telegram.write(mira, { text: "Where is my order?" });
  await desk.openConversation("Mira");

  await telegram.write(mira, {
    text: "Is this about my parcel?",
    reply_to_message: {
      message_id: 7,
      date: 1,
      chat: { id: mira.id, type: "private" },
      from: { id: 9, is_bot: true, first_name: "Courier" },
      text: "The parcel waits at the door of number 12 until eight in the evening.",
    },
  });
  const answer = desk.message("Is this about my parcel?");
  await expect(answer).toContainText("Courier");
  await expect(answer).toContainText("until eight in the evening");

  await telegram.write(mira, { invoice: { title: "Order 77", description: "Two mugs", start_parameter: "o", currency: "EUR", total_amount: 4550 } });
  const invoice = desk.page.getByTestId("notice").filter({ hasText: "Order 77" });
  await expect(invoice).toContainText("Invoice");
  await expect(invoice).toContainText("€45.50");

  await telegram.write(mira, {
    poll: {
      id: "1",
      question: "Which day suits you?",
      options: [{ text: "Monday", voter_count: 3 }, { text: "Tuesday", voter_count: 1 }],
      total_voter_count: 4,
      is_closed: false,
      is_anonymous: true,
      type: "regular",
      allows_multiple_answers: false,
    },
  });
  await expect(desk.page.getByTestId("notice").filter({ hasText: "Which day suits you?" })).toContainText("Monday · 3");

  await telegram.write(mira, { location: { latitude: 59.93, longitude: 30.31, live_period: 3600, heading: 90 } });
  await expect(desk.page.getByTestId("live")).toContainText("heading 90°");
});
