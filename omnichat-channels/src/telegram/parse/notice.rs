//! What has no text and no file: polls, payments, gifts and the like become notices with their facts; what nobody here knows
//! says so. Which kind a message is, is told by the members that hold content: any other may be there besides.

use omnichat_core::messages::{Fact, FactLabel, NoticeKind, Part, excerpt};
use serde_json::Value;

use super::fields::{
    Fields, TEXT_MAX, count, counted, fact, list, number, price, somebody, stars, text, until,
};

/// Most facts of a notice.
const FACTS_MAX: usize = 100;

/// Members that say how a message was sent, not what it is.
const ENVELOPE: &[&str] = &[
    "author_signature",
    "business_connection_id",
    "caption",
    "caption_entities",
    "chat",
    "date",
    "direct_messages_topic",
    "edit_date",
    "effect_id",
    "entities",
    "ephemeral_message_id",
    "external_reply",
    "forward_date",
    "forward_from",
    "forward_from_chat",
    "forward_from_message_id",
    "forward_origin",
    "forward_sender_name",
    "forward_signature",
    "from",
    "guest_bot_caller_chat",
    "guest_bot_caller_user",
    "guest_query_id",
    "has_media_spoiler",
    "has_protected_content",
    "is_automatic_forward",
    "is_from_offline",
    "is_paid_post",
    "is_topic_message",
    "left_chat_participant",
    "link_preview_options",
    "media_group_id",
    "message_id",
    "message_thread_id",
    "new_chat_member",
    "new_chat_participant",
    "paid_star_count",
    "quote",
    "receiver_user",
    "reply_markup",
    "reply_to_checklist_task_id",
    "reply_to_message",
    "reply_to_poll_option_id",
    "reply_to_story",
    "sender_boost_count",
    "sender_business_bot",
    "sender_chat",
    "sender_tag",
    "show_caption_above_media",
    "suggested_post_info",
    "text",
    "via_bot",
];

/// Members that are known to be the content, and of which there is nothing to be told but their name.
const BARE: &[&str] = &[
    "boost_added",
    "channel_chat_created",
    "chat_background_set",
    "chat_owner_changed",
    "chat_owner_left",
    "community_chat_added",
    "community_chat_joined",
    "community_chat_removed",
    "connected_website",
    "delete_chat_photo",
    "direct_message_price_changed",
    "general_forum_topic_hidden",
    "general_forum_topic_unhidden",
    "group_chat_created",
    "managed_bot_created",
    "message_auto_delete_timer_changed",
    "new_chat_photo",
    "paid_message_price_changed",
    "passport_data",
    "proximity_alert_triggered",
    "supergroup_chat_created",
    "video_chat_ended",
    "video_chat_participants_invited",
    "video_chat_scheduled",
    "video_chat_started",
    "write_access_allowed",
];

/// How the facts of a member are read.
type Reading = fn(&Value) -> (String, Vec<Fact>);

/// Members that hold content, each with what it is and how it is read.
const KNOWN: &[(&str, NoticeKind, Reading)] = &[
    ("poll", NoticeKind::Poll, poll),
    ("poll_option_added", NoticeKind::PollChange, option),
    ("poll_option_deleted", NoticeKind::PollChange, option),
    ("invoice", NoticeKind::Invoice, invoice),
    ("successful_payment", NoticeKind::Payment, payment),
    ("refunded_payment", NoticeKind::Refund, payment),
    ("checklist", NoticeKind::Checklist, checklist),
    ("checklist_tasks_done", NoticeKind::TasksDone, tasks_done),
    ("checklist_tasks_added", NoticeKind::TasksAdded, tasks_added),
    ("paid_media", NoticeKind::PaidMedia, paid_media),
    ("gift", NoticeKind::Gift, gift),
    ("gift_upgrade_sent", NoticeKind::Gift, gift),
    ("unique_gift", NoticeKind::Gift, unique_gift),
    ("giveaway_created", NoticeKind::Giveaway, giveaway),
    ("giveaway", NoticeKind::Giveaway, giveaway),
    ("giveaway_winners", NoticeKind::GiveawayWinners, giveaway),
    ("giveaway_completed", NoticeKind::GiveawayWinners, giveaway),
    ("story", NoticeKind::Story, story),
    ("web_app_data", NoticeKind::WebAppData, web_app_data),
    ("users_shared", NoticeKind::SharedUsers, users_shared),
    ("user_shared", NoticeKind::SharedUsers, users_shared),
    ("chat_shared", NoticeKind::SharedChat, chat_shared),
    ("dice", NoticeKind::Dice, dice),
    ("game", NoticeKind::Game, described),
    ("new_chat_members", NoticeKind::MembersJoined, people),
    ("left_chat_member", NoticeKind::MemberLeft, people),
    ("new_chat_title", NoticeKind::GroupRenamed, plain),
    ("pinned_message", NoticeKind::Pinned, pinned),
    ("forum_topic_created", NoticeKind::Topic, named),
    ("forum_topic_edited", NoticeKind::Topic, named),
    ("forum_topic_closed", NoticeKind::Topic, named),
    ("forum_topic_reopened", NoticeKind::Topic, named),
    ("suggested_post_approved", NoticeKind::SuggestedPost, suggested),
    (
        "suggested_post_approval_failed",
        NoticeKind::SuggestedPost,
        suggested,
    ),
    ("suggested_post_declined", NoticeKind::SuggestedPost, suggested),
    ("suggested_post_paid", NoticeKind::SuggestedPost, suggested),
    ("suggested_post_refunded", NoticeKind::SuggestedPost, suggested),
];

/// What a message is that has neither words nor files of its own. None if there is nothing in it at all.
pub(super) fn part(message: &Fields) -> Option<Part> {
    if let Some(notice) = notice(message) {
        return Some(notice);
    }
    if let Some(name) = BARE.iter().find(|name| is_there(message, name)) {
        return Some(Part::Unsupported {
            kind: (*name).to_owned(),
            summary: name.replace('_', " "),
        });
    }
    let unknown: Vec<&str> = message
        .iter()
        .filter(|(name, value)| !ENVELOPE.contains(&name.as_str()) && !is_blank(value))
        .map(|(name, _)| name.as_str())
        .take(10)
        .collect();
    (!unknown.is_empty()).then(|| Part::Unsupported {
        kind: "unknown".to_owned(),
        summary: excerpt(&unknown.join(", "), TEXT_MAX),
    })
}

/// The notice that a message is.
pub(super) fn notice(message: &Fields) -> Option<Part> {
    let (member, kind, read) = KNOWN.iter().find(|(name, ..)| is_there(message, name))?;
    let (title, mut facts) = read(message.get(*member)?);
    facts.retain(|fact| {
        !fact.text.is_empty() || fact.url.is_some() || fact.at.is_some() || fact.count.is_some()
    });
    facts.truncate(FACTS_MAX);
    Some(Part::Notice {
        kind: *kind,
        title: excerpt(&title, TEXT_MAX),
        facts,
    })
}

fn is_there(message: &Fields, name: &str) -> bool {
    message.get(name).is_some_and(|value| !is_blank(value))
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(set) => !set,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn poll(poll: &Value) -> (String, Vec<Fact>) {
    let mut right: Vec<u64> = list(poll, "correct_option_ids")
        .iter()
        .filter_map(Value::as_u64)
        .collect();
    right.extend(count(poll, "correct_option_id"));
    let mut facts = vec![fact(FactLabel::Text, text(poll, "description"))];
    for (index, option) in (0_u64..).zip(list(poll, "options")) {
        let label = match right.contains(&index) {
            true => FactLabel::Correct,
            false => FactLabel::Option,
        };
        facts.push(counted(label, text(option, "text"), count(option, "voter_count")));
    }
    facts.push(fact(FactLabel::Explanation, text(poll, "explanation")));
    facts.extend(until(number(poll, "close_date")));
    (text(poll, "question").to_owned(), facts)
}

fn option(change: &Value) -> (String, Vec<Fact>) {
    let question = change.get("poll_message").and_then(|message| message.get("poll"));
    let title = question.map(|poll| text(poll, "question")).unwrap_or_default();
    let option = fact(FactLabel::Option, text(change, "option_text"));
    (title.to_owned(), vec![option])
}

fn invoice(invoice: &Value) -> (String, Vec<Fact>) {
    let mut facts: Vec<Fact> = price(invoice, "total_amount").into_iter().collect();
    facts.push(fact(FactLabel::Text, text(invoice, "description")));
    (text(invoice, "title").to_owned(), facts)
}

pub(super) fn payment(payment: &Value) -> (String, Vec<Fact>) {
    let mut facts: Vec<Fact> = price(payment, "total_amount").into_iter().collect();
    facts.push(fact(FactLabel::Data, text(payment, "invoice_payload")));
    if let Some(order) = payment.get("order_info") {
        facts.push(fact(FactLabel::Person, text(order, "name")));
        facts.push(fact(FactLabel::Phone, text(order, "phone_number")));
        facts.push(fact(FactLabel::Email, text(order, "email")));
        if let Some(address) = order.get("shipping_address") {
            let lines = [
                "street_line1",
                "street_line2",
                "city",
                "state",
                "post_code",
                "country_code",
            ];
            let lines: Vec<&str> = lines
                .iter()
                .map(|line| text(address, line))
                .filter(|line| !line.is_empty())
                .collect();
            facts.push(fact(FactLabel::Address, &lines.join(", ")));
        }
    }
    facts.extend(until(number(payment, "subscription_expiration_date")));
    for reference in ["provider_payment_charge_id", "telegram_payment_charge_id"] {
        facts.push(fact(FactLabel::Reference, text(payment, reference)));
    }
    (String::new(), facts)
}

fn task(task: &Value) -> Fact {
    let is_done = ["completed_by_user", "completed_by_chat"]
        .iter()
        .any(|by| task.get(by).is_some_and(|by| !by.is_null()))
        || number(task, "completion_date").is_some_and(|date| date > 0);
    let label = match is_done {
        true => FactLabel::Done,
        false => FactLabel::Task,
    };
    fact(label, text(task, "text"))
}

fn checklist(checklist: &Value) -> (String, Vec<Fact>) {
    let tasks = list(checklist, "tasks").iter().map(task).collect();
    (text(checklist, "title").to_owned(), tasks)
}

/// The list that a message about it speaks of.
fn list_of(change: &Value) -> Option<&Value> {
    change
        .get("checklist_message")
        .and_then(|message| message.get("checklist"))
}

fn tasks_done(change: &Value) -> (String, Vec<Fact>) {
    let checklist = list_of(change);
    let named = |label: FactLabel, id: &Value| {
        let tasks = checklist.map(|named| list(named, "tasks")).unwrap_or_default();
        let task = tasks.iter().find(|task| task.get("id") == Some(id));
        match task
            .map(|task| text(task, "text"))
            .filter(|text| !text.is_empty())
        {
            Some(text) => fact(label, text),
            None => fact(label, &format!("#{id}")),
        }
    };
    let done = list(change, "marked_as_done_task_ids").iter();
    let open = list(change, "marked_as_not_done_task_ids").iter();
    let facts = done
        .map(|id| named(FactLabel::Done, id))
        .chain(open.map(|id| named(FactLabel::Task, id)))
        .collect();
    let title = checklist.map(|list| text(list, "title")).unwrap_or_default();
    (title.to_owned(), facts)
}

fn tasks_added(change: &Value) -> (String, Vec<Fact>) {
    let title = list_of(change)
        .map(|list| text(list, "title"))
        .unwrap_or_default();
    let tasks = list(change, "tasks").iter().map(task).collect();
    (title.to_owned(), tasks)
}

fn paid_media(media: &Value) -> (String, Vec<Fact>) {
    let mut facts: Vec<Fact> = stars(media, "star_count").into_iter().collect();
    let files = u64::try_from(list(media, "paid_media").len()).ok();
    facts.push(counted(FactLabel::Quantity, "", files.filter(|files| *files > 0)));
    (String::new(), facts)
}

fn gift(told: &Value) -> (String, Vec<Fact>) {
    let gift = told.get("gift").unwrap_or(&Value::Null);
    let emoji = gift.get("sticker").map(|sticker| text(sticker, "emoji"));
    let mut facts: Vec<Fact> = stars(gift, "star_count").into_iter().collect();
    facts.push(fact(FactLabel::Text, text(told, "text")));
    (emoji.unwrap_or_default().to_owned(), facts)
}

fn unique_gift(told: &Value) -> (String, Vec<Fact>) {
    let gift = told.get("gift").unwrap_or(&Value::Null);
    let title = match number(gift, "number") {
        Some(number) => format!("{} #{number}", text(gift, "base_name")),
        None => text(gift, "base_name").to_owned(),
    };
    let name = text(gift, "name");
    let link = (!name.is_empty()).then(|| Fact {
        url: Some(format!("https://t.me/nft/{name}")),
        ..Fact::new(FactLabel::Link, "")
    });
    let mut facts: Vec<Fact> = link.into_iter().collect();
    facts.push(fact(FactLabel::Text, text(told, "text")));
    (title, facts)
}

fn giveaway(giveaway: &Value) -> (String, Vec<Fact>) {
    let mut facts: Vec<Fact> = list(giveaway, "chats")
        .iter()
        .chain(giveaway.get("chat"))
        .map(|chat| somebody(FactLabel::Chat, chat))
        .collect();
    facts.push(fact(FactLabel::Prize, text(giveaway, "prize_description")));
    facts.extend(stars(giveaway, "prize_star_count"));
    if let Some(months) = count(giveaway, "premium_subscription_month_count") {
        facts.push(fact(FactLabel::Prize, &format!("Telegram Premium × {months}")));
    }
    facts.push(counted(FactLabel::Quantity, "", count(giveaway, "winner_count")));
    facts.extend(
        list(giveaway, "winners")
            .iter()
            .map(|one| somebody(FactLabel::Person, one)),
    );
    facts.extend(until(number(giveaway, "winners_selection_date")));
    (String::new(), facts)
}

pub(super) fn story(story: &Value) -> (String, Vec<Fact>) {
    let Some(chat) = story.get("chat") else {
        return (String::new(), Vec::new());
    };
    let mut owner = somebody(FactLabel::Chat, chat);
    if let (Some(page), Some(id)) = (&owner.url, number(story, "id")) {
        owner.url = Some(format!("{page}/s/{id}"));
    }
    (String::new(), vec![owner])
}

fn web_app_data(sent: &Value) -> (String, Vec<Fact>) {
    let facts = vec![
        fact(FactLabel::Data, text(sent, "data")),
        fact(FactLabel::Button, text(sent, "button_text")),
    ];
    (String::new(), facts)
}

fn users_shared(shared: &Value) -> (String, Vec<Fact>) {
    let mut facts: Vec<Fact> = list(shared, "users")
        .iter()
        .map(|user| somebody(FactLabel::Person, user))
        .collect();
    if facts.is_empty() {
        // How servers before version 7.2 of the protocol say it.
        let ids = list(shared, "user_ids").iter().chain(shared.get("user_id"));
        facts.extend(ids.map(|id| fact(FactLabel::Person, &format!("#{id}"))));
    }
    (String::new(), facts)
}

fn chat_shared(shared: &Value) -> (String, Vec<Fact>) {
    (String::new(), vec![somebody(FactLabel::Chat, shared)])
}

fn dice(dice: &Value) -> (String, Vec<Fact>) {
    let title = match number(dice, "value") {
        Some(points) => format!("{} {points}", text(dice, "emoji")),
        None => text(dice, "emoji").to_owned(),
    };
    (title, Vec::new())
}

fn described(game: &Value) -> (String, Vec<Fact>) {
    let facts = vec![fact(FactLabel::Text, text(game, "description"))];
    (text(game, "title").to_owned(), facts)
}

fn people(value: &Value) -> (String, Vec<Fact>) {
    let people = match value {
        Value::Array(people) => people.as_slice(),
        one => std::slice::from_ref(one),
    };
    let facts = people
        .iter()
        .map(|one| somebody(FactLabel::Person, one))
        .collect();
    (String::new(), facts)
}

fn plain(value: &Value) -> (String, Vec<Fact>) {
    (value.as_str().unwrap_or_default().to_owned(), Vec::new())
}

fn named(value: &Value) -> (String, Vec<Fact>) {
    (text(value, "name").to_owned(), Vec::new())
}

fn pinned(message: &Value) -> (String, Vec<Fact>) {
    let said = match text(message, "text") {
        "" => text(message, "caption"),
        text => text,
    };
    (said.to_owned(), Vec::new())
}

fn suggested(change: &Value) -> (String, Vec<Fact>) {
    let mut facts = Vec::new();
    for holder in [Some(change), change.get("price"), change.get("star_amount")]
        .into_iter()
        .flatten()
    {
        facts.extend(price(holder, "amount"));
    }
    facts.push(fact(FactLabel::Text, text(change, "comment")));
    facts.push(fact(FactLabel::Text, text(change, "reason")));
    facts.extend(until(number(change, "send_date")));
    let post = change.get("suggested_post_message");
    (post.map(|post| pinned(post).0).unwrap_or_default(), facts)
}
