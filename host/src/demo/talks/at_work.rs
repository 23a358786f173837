//! Conversations that are being worked on.

use omnichat_core::conversations::Priority;

use super::Line::{
    Customer as C, CustomerDeletes, CustomerPicture, CustomerPlace, Fails, Note, Operator as O,
    OperatorPicture, Reads,
};
use super::{End, Talk, talk};
use crate::demo::people::Place::{App, Sandbox, Site};
use crate::demo::people::Who::{Anna, Lena, Mark, Tom};

/// What is being worked on.
pub(super) fn talks() -> Vec<Talk> {
    vec![
        talk(
            Site,
            "Алексей",
            640,
            vec![
                C("Добрый день! Нужен опт: 50 коробок к пятнице, с логотипом"),
                O(Mark, "Здравствуйте! Успеем, если макет будет сегодня."),
                CustomerPicture("Вот логотип", 210),
                Note(Mark, "Анна, посмотри, потянем ли печать в два цвета?"),
                Note(Anna, "Да, типография подтвердила"),
                O(Mark, "Всё хорошо, печатаем в два цвета. Счёт отправлю через час."),
                Reads,
                C("А можно доставку сразу в два офиса?"),
            ],
            End::Open,
        )
        .tagged(&["опт"])
        .urgent(Priority::High)
        .from("aleksey@example.org"),
        talk(
            Site,
            "Grace",
            520,
            vec![
                C("My parcel says delivered, but there is nothing here"),
                O(Lena, "I am sorry! I have asked the carrier where it was left."),
                CustomerPlace(59.9139, 10.7522),
                C("This is where I live, second floor"),
                Note(Lena, "Carrier answers within a day, ask again tomorrow morning"),
            ],
            End::SnoozedFor(18),
        )
        .tagged(&["delivery", "lost"])
        .urgent(Priority::High),
        talk(
            App,
            "Наталья",
            430,
            vec![
                C("Хочу вернуть чайник, не подошёл цвет"),
                O(Mark, "Конечно. Пришлите, пожалуйста, номер заказа."),
                C("1038"),
                Fails(Mark, "Оформил возврат, курьер приедет завтра с 10 до 14."),
            ],
            End::Open,
        )
        .tagged(&["возврат"]),
        talk(
            Site,
            "Сергей",
            300,
            vec![
                C("Какой из зелёных самый мягкий?"),
                OperatorPicture(Anna, "Попробуйте «Белый туман», он почти без горечи", 95),
                Reads,
                C("Красивый! А сколько стоит 100 г?"),
                O(Anna, "640 ₽, а сегодня ещё и скидка 10 %."),
            ],
            End::Open,
        ),
        talk(
            Site,
            "Ava",
            260,
            vec![
                C("Could you add a birthday card to order 1066?"),
                O(Tom, "With pleasure. What should it say?"),
                C("Happy birthday from all of us!"),
                O(Tom, "Done, it is in the box."),
                Reads,
                C("One more thing: no invoice in the parcel, please"),
            ],
            End::Open,
        )
        .tagged(&["gift"]),
        talk(
            App,
            "Роман",
            210,
            vec![
                C("Не могу войти: пишет «неверный пароль», хотя он верный"),
                O(Mark, "Сбросил пароль, письмо уже у вас."),
                C("Письма нет, и в спаме нет"),
                Note(Mark, "Почта у него на своём домене, проверить журнал отправки"),
            ],
            End::Open,
        )
        .tagged(&["вход"])
        .urgent(Priority::Urgent),
        talk(
            Site,
            "Юлия",
            180,
            vec![
                C("Здравствуйте, сколько хранится матча?"),
                C("Номер карты 0000"),
                CustomerDeletes,
                O(
                    Anna,
                    "В закрытой банке год, после открытия два месяца. И, пожалуйста, не присылайте номера карт.",
                ),
            ],
            End::Open,
        ),
        talk(
            Site,
            "Ethan",
            150,
            vec![
                C("Is there a subscription? I drink a box of Earl Grey a month"),
                O(Lena, "There is, with 15 % off. May I set it up?"),
            ],
            End::SnoozedFor(40),
        )
        .tagged(&["subscription"]),
        talk(
            Sandbox,
            "Покупатель из песочницы",
            120,
            vec![
                C("Хочу сравнить два улуна"),
                OperatorPicture(Mark, "Слева светлый, справа тёмный", 40),
                C("Тёмный!"),
            ],
            End::Open,
        ),
        talk(
            Site,
            "Виктория",
            95,
            vec![C("Можно забрать заказ самой?"), C("Я на соседней улице")],
            End::Queue,
        )
        .tagged(&["самовывоз"]),
        talk(
            App,
            "Chloe",
            80,
            vec![
                C("The app shows prices in the wrong currency"),
                CustomerPicture("", 330),
            ],
            End::Queue,
        )
        .tagged(&["app"]),
        talk(
            Site,
            "Кирилл",
            66,
            vec![C("Подскажите, чайник подходит для индукции?")],
            End::Queue,
        ),
        talk(
            Site,
            "Henry",
            58,
            vec![
                C("Do you have decaf black tea?"),
                O(Tom, "Two kinds: Assam and a breakfast blend."),
                C("Which one is stronger?"),
            ],
            End::Open,
        ),
        talk(
            App,
            "Анастасия",
            47,
            vec![
                C("Курьер не может найти подъезд"),
                CustomerPlace(55.7558, 37.6173),
            ],
            End::Queue,
        )
        .tagged(&["доставка"])
        .urgent(Priority::Urgent),
        talk(
            Site,
            "Максим",
            39,
            vec![
                C("Есть что-нибудь к сыру?"),
                O(Anna, "Тёмный улун или пуэр, 5 лет."),
                Reads,
                C("Пуэр не пробовал. Он горький?"),
            ],
            End::Open,
        ),
        talk(Site, "Isla", 31, vec![C("Hello! Anybody there?")], End::Queue),
        talk(
            Sandbox,
            "Второй покупатель",
            26,
            vec![C("А кнопки работают?")],
            End::Queue,
        ),
        talk(
            App,
            "Денис",
            19,
            vec![C("Оплатил, а статус «ждёт оплаты»"), C("Заказ 1072")],
            End::Queue,
        )
        .tagged(&["оплата"])
        .urgent(Priority::High),
        talk(
            Site,
            "Полина",
            12,
            vec![
                C("Добрый вечер! Подарочная упаковка есть?"),
                CustomerPicture("Хочу примерно такую", 280),
            ],
            End::Queue,
        )
        .tagged(&["подарок"]),
        talk(
            Site,
            "Leo",
            7,
            vec![
                C("Can I still change order 1074?"),
                C("I would like two boxes instead of one"),
            ],
            End::Queue,
        ),
        talk(
            Site,
            "Света",
            3,
            vec![C(
                "Здравствуйте! Подскажите, пожалуйста, когда откроется магазин на набережной?",
            )],
            End::Queue,
        ),
    ]
}
