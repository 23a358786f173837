//! What a plugin says of itself when it is asked, and what that means to the core.

use omnichat_core::channel::{AppAccounts, ButtonLimits, Capabilities, Descriptor, MediaLimit};
use omnichat_core::error::Result;
use omnichat_core::messages::AttachmentKind;
use omnichat_core::settings::secret_names;
use serde_json::Value;

use crate::artefact::{refused, schema};
use crate::manifest::Manifest;

/// What `describe` answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Described {
    pub(crate) id: String,
    pub(crate) version: String,
    pub(crate) title: String,
    pub(crate) summary: String,
    /// JSON.
    pub(crate) config_schema: String,
    pub(crate) capabilities: Vec<String>,
    pub(crate) limits: Vec<(String, u64)>,
    pub(crate) docs: String,
    pub(crate) app: Option<AppAccounts>,
}

impl Described {
    /// The same in the words of the core, checked against the manifest.
    ///
    /// # Errors
    /// `Invalid` on `plugin`: another plugin or version than the manifest's, a schema that forms cannot show, an unknown
    /// capability or limit, an app whose settings are not there.
    pub(crate) fn into_descriptor(self, manifest: &Manifest) -> Result<Descriptor> {
        for (what, said, expected) in [
            ("id", &self.id, &manifest.id),
            ("version", &self.version, &manifest.version),
        ] {
            if said != expected {
                return Err(refused(
                    "manifest_mismatch",
                    format!(
                        "the plugin calls its {what} «{said}», its manifest says «{expected}»: make them the same and build \
                         it anew"
                    ),
                ));
            }
        }
        let config_schema: Value = serde_json::from_str(&self.config_schema).map_err(|error| {
            refused(
                "schema",
                format!("the schema of the plugin's settings is no JSON: {error}"),
            )
        })?;
        schema::check(&config_schema)?;
        if let Some(app) = &self.app {
            check_app(app, &config_schema)?;
        }
        Ok(Descriptor {
            kind: self.id,
            version: self.version,
            title: self.title,
            summary: self.summary,
            config_schema,
            capabilities: capabilities(&self.capabilities, &self.limits)?,
            app: self.app,
            docs: self.docs,
        })
    }
}

/// The settings that say whose webhooks an app brings are kept beside the inbox: they must be there, and be no secrets.
fn check_app(app: &AppAccounts, schema: &Value) -> Result<()> {
    for name in [&app.app, &app.account] {
        let property = &schema["properties"][name.as_str()];
        if !property.is_object() || secret_names(schema).contains(&name.as_str()) {
            return Err(refused(
                "app",
                format!("the plugin's app needs a setting «{name}» that is no secret"),
            ));
        }
    }
    Ok(())
}

/// UTF-16 units of a text where a plugin sets no limit: what nearly every platform takes.
const TEXT: u32 = 4_096;

/// An unknown capability is one of a later version, of which this host makes no use. An unknown limit could be one that must
/// be kept, and is refused.
fn capabilities(names: &[String], limits: &[(String, u64)]) -> Result<Capabilities> {
    let mut made = Capabilities {
        text_max: TEXT,
        ..Capabilities::default()
    };
    let mut buttons = ButtonLimits {
        max_rows: 8,
        max_per_row: 4,
        data_max_bytes: 64,
    };
    let mut has_buttons = false;
    for name in names {
        match name.as_str() {
            "rich-text" => made.rich_text = true,
            "location" => made.location = true,
            "contact" => made.contact = true,
            "reply" => made.reply = true,
            "edit" => made.edit = true,
            "delete" => made.delete = true,
            "typing-out" => made.typing_out = true,
            "typing-in" => made.typing_in = true,
            "read-marks" => made.read_marks = true,
            "delivery-receipts" => made.delivery_receipts = true,
            "idempotent-send" => made.idempotent_send = true,
            "polling" => made.polling = true,
            "webhook" => made.webhook = true,
            "webhook-registration" => made.webhook_registration = true,
            "buttons" => has_buttons = true,
            other => tracing::warn!(
                capability = other,
                "a plugin names a capability that this host does not know"
            ),
        }
    }
    for (name, value) in limits {
        let count = u32::try_from(*value).unwrap_or(u32::MAX);
        match name.as_str() {
            "text" => made.text_max = count,
            "caption" => made.caption_max = count,
            "attachments" => made.attachments_max = count,
            "button-rows" => buttons.max_rows = count,
            "buttons-per-row" => buttons.max_per_row = count,
            "button-data" => buttons.data_max_bytes = count,
            "window-hours" => made.window_hours = Some(count),
            "delete-window-hours" => made.delete_window_hours = Some(count),
            other => {
                let kind = other.strip_prefix("media.").and_then(media_kind).ok_or_else(|| {
                    refused(
                        "limit",
                        format!("the plugin names a limit «{other}», which this host does not know"),
                    )
                })?;
                made.media.push(MediaLimit {
                    kind,
                    max_bytes: *value,
                });
            }
        }
    }
    if has_buttons {
        made.buttons = Some(buttons);
    }
    if !made.media.is_empty() && made.attachments_max == 0 {
        made.attachments_max = 1;
    }
    Ok(made)
}

fn media_kind(name: &str) -> Option<AttachmentKind> {
    serde_json::from_value(Value::from(name.replace('-', "_"))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described() -> Described {
        Described {
            id: "x1".to_owned(),
            version: "1.0.0".to_owned(),
            config_schema: r#"{"type":"object","properties":{}}"#.to_owned(),
            ..Described::default()
        }
    }

    fn manifest() -> Manifest {
        Manifest::parse(
            "id = \"x1\"\nversion = \"1.0.0\"\nkind = \"channel\"\nwit = \"0.1.0\"\ntitle = \"X\"",
        )
        .unwrap()
    }

    #[test]
    fn every_capability_and_limit_has_its_place() {
        let all = [
            "rich-text",
            "location",
            "contact",
            "reply",
            "edit",
            "delete",
            "typing-out",
            "typing-in",
            "read-marks",
            "delivery-receipts",
            "idempotent-send",
            "polling",
            "webhook",
            "webhook-registration",
            "buttons",
            "of-tomorrow",
        ];
        let limits = [
            ("text", 4096),
            ("caption", 1024),
            ("attachments", 10),
            ("button-rows", 3),
            ("buttons-per-row", 2),
            ("button-data", 128),
            ("window-hours", 24),
            ("delete-window-hours", 48),
            ("media.image", 1_000),
            ("media.video-note", u64::MAX),
        ];
        let made = Described {
            capabilities: all.map(str::to_owned).to_vec(),
            limits: limits.map(|(name, value)| (name.to_owned(), value)).to_vec(),
            ..described()
        }
        .into_descriptor(&manifest())
        .unwrap()
        .capabilities;
        assert_eq!(
            made,
            Capabilities {
                text_max: 4096,
                caption_max: 1024,
                rich_text: true,
                media: vec![
                    MediaLimit {
                        kind: AttachmentKind::Image,
                        max_bytes: 1_000
                    },
                    MediaLimit {
                        kind: AttachmentKind::VideoNote,
                        max_bytes: u64::MAX
                    },
                ],
                attachments_max: 10,
                buttons: Some(ButtonLimits {
                    max_rows: 3,
                    max_per_row: 2,
                    data_max_bytes: 128
                }),
                location: true,
                contact: true,
                reply: true,
                edit: true,
                delete: true,
                delete_window_hours: Some(48),
                typing_out: true,
                typing_in: true,
                read_marks: true,
                delivery_receipts: true,
                window_hours: Some(24),
                idempotent_send: true,
                polling: true,
                webhook: true,
                webhook_registration: true,
                local: false,
                strict: false,
                simulate: false,
            }
        );
    }

    #[test]
    fn what_contradicts_the_manifest_is_refused() {
        let code = |described: Described| {
            described.into_descriptor(&manifest()).unwrap_err().fields()[0]
                .code
                .clone()
        };
        assert_eq!(
            code(Described {
                id: "y".to_owned(),
                ..described()
            }),
            "manifest_mismatch"
        );
        assert_eq!(
            code(Described {
                version: "1.0.1".to_owned(),
                ..described()
            }),
            "manifest_mismatch"
        );
        assert_eq!(
            code(Described {
                config_schema: "{".to_owned(),
                ..described()
            }),
            "schema"
        );
        for (app, account) in [("nowhere", "page"), ("app", "token")] {
            let schema = r#"{"type":"object","properties":{"app":{"type":"string"},"page":{"type":"string"},
                "token":{"type":"string","x-secret":true}}}"#;
            let accounts = |app: &str, account: &str| {
                Some(AppAccounts {
                    app: app.to_owned(),
                    account: account.to_owned(),
                })
            };
            let described = |app| Described {
                config_schema: schema.to_owned(),
                app,
                ..described()
            };
            assert_eq!(code(described(accounts(app, account))), "app");
            let good = described(accounts("app", "page")).into_descriptor(&manifest());
            assert_eq!(good.unwrap().app, accounts("app", "page"));
        }
        assert_eq!(
            code(Described {
                limits: vec![("media.smell".to_owned(), 1)],
                ..described()
            }),
            "limit"
        );
    }
}
