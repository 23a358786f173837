//! What the fields of requests may hold: lengths, forms, ranges. Written here once: the document shows it, and requests are
//! refused by the document. A rule that a channel, a plugin or a stored row makes is not here; the core answers for it.

use omnichat_core::condition::Subject;
use omnichat_core::conversations::{Conversation, Status};
use omnichat_core::customers::Customer;
use omnichat_core::id::{
    ApiKeyId, AttachmentId, AutomationId, ConversationId, CustomerId, FileId, InboxId, MessageId, OperatorId,
    QuarantineId, TenantId,
};
use omnichat_core::limits;
use omnichat_core::page::PageRequest;
use serde_json::{Value, json};

/// The form of a text that says something.
pub(super) const NOT_BLANK: &str = r"[^\s\x00]";
/// The form of any text in a query.
pub(super) const NO_NUL: &str = r"^[^\x00]*$";
/// The form of a cursor, see [`omnichat_core::page::Cursor`]; an empty one is the beginning.
const CURSOR: &str = "^([0-9a-f]{48})?$";
/// The form of a place in an index, see [`omnichat_core::entities::EntityCursor`]; an empty one is the beginning.
pub(super) const PLACE: &str = "^((u|[0-9a-f]{32})([0-9a-f]{2}){0,1000})?$";
const EMAIL: &str = r"^\s*[^\s@]+@[^\s@]+\s*$";
const EMAIL_OR_NOTHING: &str = r"^\s*([^\s@]+@[^\s@]+)?\s*$";
const PROXY: &str = r"^(https?|socks5h?)://[^\s…]+$";
/// Visible ASCII.
const CLIENT_KEY: &str = "^[!-~]{8,64}$";
const SHA256: &str = "^[0-9a-f]{64}$";

/// Longest names of people and organisations.
const NAME: u32 = 200;
/// Longest condition in an address.
const FILTER: u32 = 8_000;
/// Most rights that a key holds: more than there are, since an embedder has its own.
const RIGHTS: u32 = 200;
/// Longest title of an inbox or an automation.
const TITLE: u32 = 100;
/// Longest text of a message on any channel; many channels carry less.
const TEXT: u32 = 20_000;
/// Longest token of any sort, but for a visitor's.
const TOKEN: u32 = 4_096;
/// Longest address.
const URL: u32 = 2_048;

/// Schemas whose texts are cut where they are too long instead of being refused, and whose unknown fields are left out: a
/// mistake of the site around the widget must not keep its visitors from writing.
pub(super) const LENIENT: [&str; 2] = ["WidgetVisitorIn", "WidgetPageIn"];

/// What a field of a request's body may hold.
pub(super) fn field(schema: &str, field: &str) -> Option<Value> {
    if LENIENT.contains(&schema) {
        return None;
    }
    let by_schema = match (schema, field) {
        ("CustomerPatchIn", "email") => Some(form(EMAIL_OR_NOTHING, 320)),
        ("CustomerPatchIn", "phone") => Some(at_most(50)),
        ("CustomerPatchIn", "note") => Some(at_most(20_000)),
        ("CustomerPatchIn" | "ConversationPatchIn", "attributes") => Some(json!({
            "maxProperties": if schema == "ConversationPatchIn" { 30 } else { 100 },
            "propertyNames": { "minLength": 1, "maxLength": 100 },
            "additionalProperties": at_most(2_000)
        })),
        // What is compared with something stored is not judged by what a new one must be.
        ("SignInIn", "email") => Some(at_most(320)),
        ("SignInIn", "password") | ("PasswordIn", "current") => {
            Some(at_most(crate::auth::password::LENGTH.1))
        }
        ("WidgetLeftMessageIn", "name") => {
            Some(json!({ "minLength": 1, "pattern": NOT_BLANK, "maxLength": 1_000 }))
        }
        ("WidgetLeftMessageIn", "email") => Some(form(EMAIL_OR_NOTHING, 320)),
        ("WidgetLeftMessageIn", "phone") => Some(at_most(50)),
        ("WidgetLeftMessageIn", "text") | ("WidgetMessageIn", "text") => Some(at_most(10_000)),
        ("WidgetSessionIn", "locale") => Some(at_most(1_000)),
        ("WidgetSessionIn", "token") => Some(at_most(crate::widget::LONGEST_TOKEN)),
        ("AutomationPatchIn" | "InboxPatchIn", "title") => Some(name(TITLE)),
        ("Button", "text") => Some(name(64)),
        ("Span", "length") => Some(json!({ "minimum": 1 })),
        ("ApiKeyIn" | "ApiKeyPatchIn", "name") => Some(name(TITLE)),
        ("SimulationIn", "chat") => Some(name(100)),
        _ => None,
    };
    by_schema.or_else(|| by_name(field))
}

/// What a field of this name holds wherever it is.
fn by_name(field: &str) -> Option<Value> {
    Some(match field {
        "organisation_id" => id(TenantId::PREFIX),
        "permissions" => json!({ "minItems": 1, "maxItems": RIGHTS }),
        "inbox_ids" => json!({ "maxItems": 100, "items": id(InboxId::PREFIX) }),
        "operator_id" => id(OperatorId::PREFIX),
        "conversation_id" => id(ConversationId::PREFIX),
        "customer_id" => id(CustomerId::PREFIX),
        "inbox_id" | "inbox" => id(InboxId::PREFIX),
        "scenario" => id(AutomationId::PREFIX),
        "message_id" | "target_message_id" | "reply_to" => id(MessageId::PREFIX),
        "file_ids" => json!({ "maxItems": 100, "items": id(FileId::PREFIX) }),
        "name" | "organisation" => name(NAME),
        "title" => name(TITLE),
        "kind" => json!({ "minLength": 1, "maxLength": 100 }),
        "email" => form(EMAIL, 320),
        "password" | "new" => {
            json!({ "minLength": crate::auth::password::LENGTH.0, "maxLength": crate::auth::password::LENGTH.1 })
        }
        "token" | "refresh_token" => at_most(TOKEN),
        "client_key" => json!({ "pattern": CLIENT_KEY, "minLength": 8, "maxLength": 64 }),
        "text" => at_most(TEXT),
        "spans" => json!({ "maxItems": 500 }),
        "buttons" => json!({ "maxItems": 100, "items": { "maxItems": 100 } }),
        "data" => at_most(TOKEN),
        "url" => at_most(URL),
        "comment" => at_most(2_000),
        "subject" => at_most(200),
        "tags" => json!({ "maxItems": 30, "items": at_most(50) }),
        "capacity" => json!({ "maximum": 1_000 }),
        "latitude" => json!({ "minimum": -90, "maximum": 90 }),
        "longitude" => json!({ "minimum": -180, "maximum": 180 }),
        "proxy_url" => form(PROXY, URL),
        "digest" => form(SHA256, 64),
        _ => return None,
    })
}

/// What a parameter of a query may hold.
pub(super) fn parameter(operation: &str, name: &str) -> Option<Value> {
    Some(match (operation, name) {
        (_, "limit") if operation != "list_events" => json!({ "minimum": 1, "maximum": PageRequest::MAX }),
        ("list_conversations", "filter") => condition_over::<Conversation>(),
        ("list_customers", "filter") => condition_over::<Customer>(),
        ("list_conversations", "status") => json!({ "maxItems": Status::ALL.len() }),
        ("list_quarantine", "cursor") => json!({ "pattern": PLACE }),
        (_, "cursor" | "before") => form(CURSOR, 48),
        (_, "assignee") => json!({ "pattern": format!("^(me|none|{})$", bare(OperatorId::PREFIX)) }),
        (_, "participant") => json!({ "pattern": format!("^(me|{})$", bare(OperatorId::PREFIX)) }),
        (_, "q") => at_most(NAME),
        (_, "channel") => at_most(100),
        (_, "tag") => at_most(50),
        (_, "epoch") => at_most(NAME),
        (_, "signature") => at_most(TOKEN),
        // A seal that is none is a wrong one.
        (_, "sig") => at_most(NAME),
        (_, "download") => json!({ "maximum": 1 }),
        // A longer name is cut.
        ("upload_file" | "upload_visitor_file", "name") => at_most(1_000),
        _ => return by_name(name),
    })
}

/// A condition as a text.
fn condition_over<S: Subject>() -> Value {
    json!({
        "maxLength": FILTER,
        "contentMediaType": "application/json",
        "contentSchema": { "$ref": format!("#/components/schemas/{}", S::SCHEMA) }
    })
}

/// What a variable part of a path holds. `before` is the part before it.
pub(super) fn segment(before: &str, name: &str) -> Option<Value> {
    Some(match (before, name) {
        ("conversations", "id") => id(ConversationId::PREFIX),
        ("customers", "id") => id(CustomerId::PREFIX),
        ("messages", "id") => id(MessageId::PREFIX),
        ("operators", "id") => id(OperatorId::PREFIX),
        ("inboxes", "id") | (_, "inbox_id") => id(InboxId::PREFIX),
        ("automations", "id") => id(AutomationId::PREFIX),
        ("api-keys", "id") => id(ApiKeyId::PREFIX),
        (_, "attachment") => id(AttachmentId::PREFIX),
        ("quarantine", "id") => id(QuarantineId::PREFIX),
        (_, "file_id" | "file") => id(FileId::PREFIX),
        (_, "tenant") => id(TenantId::PREFIX),
        (_, "seal") => at_most(NAME),
        (_, "name") => at_most(1_000),
        ("plugins", "id") | ("channels" | "apps", "kind") => json!({ "minLength": 1, "maxLength": 100 }),
        (_, "app") => json!({ "minLength": 1, "maxLength": limits::APP }),
        _ => return None,
    })
}

/// What every number of this format may be: what a store can keep.
pub(super) fn number(format: &str) -> Option<Value> {
    match format {
        "int64" => Some(json!({ "maximum": i64::MAX })),
        "int32" => Some(json!({ "maximum": i32::MAX })),
        _ => None,
    }
}

fn id(prefix: &str) -> Value {
    json!({ "pattern": format!("^{}$", bare(prefix)) })
}

fn bare(prefix: &str) -> String {
    format!("{prefix}_[0-9a-f]{{32}}")
}

fn name(most: u32) -> Value {
    json!({ "minLength": 1, "maxLength": most, "pattern": NOT_BLANK })
}

fn form(pattern: &str, most: u32) -> Value {
    json!({ "pattern": pattern, "maxLength": most })
}

fn at_most(most: impl serde::Serialize) -> Value {
    json!({ "maxLength": most })
}
