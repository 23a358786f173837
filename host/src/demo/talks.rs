//! What was said in the shop.

use std::time::Duration;

use omnichat_core::conversations::Priority;

use super::people::Place::{self, App, Sandbox, Site};
use super::people::Who::{self, Anna, Lena, Mark, Tom};

/// How long ago the story begins.
pub(super) const BEGINNING: Duration = Duration::from_secs(4 * 24 * 3_600);

/// A conversation of the story.
pub(super) struct Talk {
    pub(super) place: Place,
    pub(super) customer: &'static str,
    pub(super) email: Option<&'static str>,
    pub(super) minutes_ago: u64,
    pub(super) lines: Vec<Line>,
    pub(super) tags: &'static [&'static str],
    pub(super) priority: Option<Priority>,
    pub(super) end: End,
}

/// Something that happens in a conversation.
pub(super) enum Line {
    Customer(&'static str),
    CustomerPicture(&'static str, u16),
    CustomerPlace(f64, f64),
    /// The customer takes back what it said last.
    CustomerDeletes,
    Operator(Who, &'static str),
    OperatorPicture(Who, &'static str, u16),
    /// The operator says the last thing in other words.
    OperatorEdits(&'static str),
    Note(Who, &'static str),
    /// An answer that does not arrive.
    Fails(Who, &'static str),
    /// The customer has read everything.
    Reads,
}

/// How a conversation stands at the end.
#[derive(Clone, Copy)]
pub(super) enum End {
    Open,
    /// Open, and nobody's.
    Queue,
    Resolved,
    Closed,
    Spam,
    SnoozedFor(u64),
}

use Line::{
    Customer as C, CustomerDeletes, CustomerPicture, CustomerPlace, Fails, Note, Operator as O,
    OperatorEdits, OperatorPicture, Reads,
};

fn talk(place: Place, customer: &'static str, minutes_ago: u64, lines: Vec<Line>, end: End) -> Talk {
    Talk {
        place,
        customer,
        email: None,
        minutes_ago,
        lines,
        tags: &[],
        priority: None,
        end,
    }
}

impl Talk {
    fn tagged(mut self, tags: &'static [&'static str]) -> Self {
        self.tags = tags;
        self
    }

    fn urgent(mut self, priority: Priority) -> Self {
        self.priority = Some(priority);
        self
    }

    fn from(mut self, email: &'static str) -> Self {
        self.email = Some(email);
        self
    }
}

/// Every conversation, oldest first.
pub(super) fn all() -> Vec<Talk> {
    let mut talks = settled();
    talks.extend(at_work());
    talks.sort_by_key(|talk| std::cmp::Reverse(talk.minutes_ago));
    talks
}

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
fn settled() -> Vec<Talk> {
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

/// What is being worked on.
fn at_work() -> Vec<Talk> {
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
