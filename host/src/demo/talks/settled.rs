//! Conversations that are over.

use super::Line::{Customer as C, CustomerPicture, Note, Operator as O, OperatorEdits, Reads};
use super::{End, Talk, talk};
use crate::demo::people::Place::{self, App, Sandbox, Site};
use crate::demo::people::Who::{self, Anna, Lena, Mark, Tom};

/// A question, its answer, and thanks.
fn short(place: Place, customer: &'static str, minutes_ago: u64, words: [&'static str; 3], who: Who) -> Talk {
    let [question, answer, thanks] = words;
    let mut lines = vec![C(question), O(who, answer), Reads];
    if !thanks.is_empty() {
        lines.push(C(thanks));
    }
    talk(place, customer, minutes_ago, lines, End::Resolved)
}

/// What is over.
pub(super) fn talks() -> Vec<Talk> {
    vec![
        short(
            Site,
            "Ольга",
            5_600,
            [
                "Здравствуйте! Вы работаете в воскресенье?",
                "Да, с 10 до 18, ждём вас!",
                "Спасибо",
            ],
            Anna,
        ),
        short(
            Site,
            "Emma",
            5_420,
            [
                "Hi! Do you ship to Norway?",
                "We do: 5 to 7 days, from 9 €.",
                "Perfect, thank you",
            ],
            Lena,
        )
        .tagged(&["delivery"]),
        short(
            App,
            "Игорь",
            5_100,
            [
                "Не приходит код для входа",
                "Отправили ещё раз, проверьте, пожалуйста.",
                "Теперь пришёл",
            ],
            Mark,
        )
        .tagged(&["вход"]),
        short(
            Site,
            "Дарья",
            4_900,
            [
                "Есть ли у вас чай без кофеина?",
                "Есть: ройбуш, иван-чай и ромашка.",
                "Возьму ройбуш",
            ],
            Anna,
        ),
        short(
            Site,
            "Noah",
            4_700,
            [
                "Is the jasmine tea back in stock?",
                "Since this morning. Shall I put a box aside?",
                "Yes please!",
            ],
            Tom,
        )
        .tagged(&["stock"]),
        short(
            App,
            "Марина",
            4_420,
            [
                "Как поменять адрес доставки?",
                "Уже поменял, новый адрес в заказе.",
                "",
            ],
            Mark,
        )
        .tagged(&["доставка"]),
        short(
            Site,
            "Liam",
            4_100,
            [
                "Can I pay by invoice?",
                "For orders above 100 €, yes. I have switched it on for you.",
                "Great",
            ],
            Lena,
        )
        .tagged(&["payment"]),
        short(
            Sandbox,
            "Тестовый клиент",
            3_950,
            ["Проверка связи", "Слышим вас хорошо!", ""],
            Anna,
        ),
        short(
            Site,
            "Ирина",
            3_700,
            [
                "Какой чай подарить коллеге?",
                "Набор «Три утра»: чёрный, зелёный и травяной.",
                "Отличная идея",
            ],
            Anna,
        )
        .tagged(&["подарок"]),
        short(
            Site,
            "Sofia",
            3_500,
            [
                "My code WELCOME does not work",
                "It works from 20 € on; your basket has 18 €.",
                "Ah, got it",
            ],
            Tom,
        )
        .tagged(&["payment"]),
        short(
            App,
            "Павел",
            3_300,
            [
                "Где мой заказ 1043?",
                "Сегодня передали курьеру, будет до 19:00.",
                "Жду",
            ],
            Mark,
        )
        .tagged(&["доставка"]),
        short(
            Site,
            "Вера",
            3_050,
            [
                "Пришлите, пожалуйста, чек на почту",
                "Отправили на адрес из заказа.",
                "Получила",
            ],
            Anna,
        )
        .from("vera@example.org"),
        short(
            Site,
            "Oliver",
            2_900,
            [
                "Do you have gift cards?",
                "Yes, from 10 €. Here is the page: https://example.org/gift",
                "Thanks",
            ],
            Lena,
        ),
        short(
            App,
            "Тимур",
            2_600,
            [
                "Приложение вылетает при оплате",
                "Исправили в версии 2.4, обновитесь.",
                "Работает",
            ],
            Mark,
        )
        .tagged(&["приложение"]),
        short(
            Site,
            "Mia",
            2_400,
            [
                "How long do I brew the oolong?",
                "Three minutes at 90 °C, and twice more.",
                "Lovely",
            ],
            Tom,
        ),
        talk(
            Site,
            "Гость 2211",
            2_300,
            vec![C("Здравствуйте"), C("Уже разобрался, извините")],
            End::Closed,
        ),
        talk(
            Site,
            "Best Deals",
            2_150,
            vec![C("Buy 1000 followers today!!! https://example.org/deals")],
            End::Spam,
        ),
        talk(
            Site,
            "Выгодное предложение",
            1_900,
            vec![C("Продвижение сайтов в топ за 3 дня, пишите")],
            End::Spam,
        ),
        talk(
            Site,
            "Екатерина",
            1_800,
            vec![
                CustomerPicture("Пришла коробка с вмятиной", 12),
                O(Anna, "Очень жаль! Чай внутри цел?"),
                C("Одна пачка порвана"),
                Note(Anna, "Третий случай за неделю с этой службой доставки"),
                O(Anna, "Вышлем новую пачку сегодня, возвращать ничего не нужно."),
                Reads,
                C("Вы лучшие!"),
            ],
            End::Resolved,
        )
        .tagged(&["брак", "доставка"])
        .from("katya@example.org"),
        talk(
            App,
            "Lucas",
            1_500,
            vec![
                C("I was charged twice for order 1051"),
                O(
                    Lena,
                    "I see both payments. The second goes back to your card today.",
                ),
                OperatorEdits("I see both payments. The second goes back to your card within two days."),
                C("Okay, thank you for the quick answer"),
            ],
            End::Resolved,
        )
        .tagged(&["payment", "refund"]),
    ]
}
