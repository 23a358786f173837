//! `omnichat channel`.

use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use clap::Subcommand;
use omnichat_core::channel::{AccountConfig, WebhookRequest};
use omnichat_core::clock::SystemClock;
use omnichat_core::id::InboxId;
use serde_json::{Map, Value};
use url::{Position, Url};

use super::{Common, block_on};
use crate::boot;
use crate::config::Config;

/// Look at channels and at what their platforms send
#[derive(Debug, Subcommand)]
pub(super) enum Channel {
    /// List the kinds of channels
    List,
    /// Show what a recorded webhook turns into
    ///
    /// FILE holds the body as the platform sent it; `-` is standard input. The signature is not checked, and nothing is
    /// stored or sent.
    Parse {
        /// The kind of channel, built in or an installed plugin, see `omnichat channel list`
        kind: String,
        /// The recorded body
        file: PathBuf,
        /// A setting of the account, as NAME=VALUE; may come several times
        #[arg(long = "set", value_name = "NAME=VALUE")]
        settings: Vec<String>,
        /// A header of the request, as NAME:VALUE; may come several times
        #[arg(long = "header", value_name = "NAME:VALUE")]
        headers: Vec<String>,
        /// The whole address at which it came, for platforms that say something in it
        #[arg(long, value_name = "URL")]
        address: Option<Url>,
    },
}

impl Channel {
    pub(super) fn run(&self, common: &Common) -> anyhow::Result<()> {
        let config = common.load(&[])?;
        match self {
            Self::List => list(&config),
            Self::Parse {
                kind,
                file,
                settings,
                headers,
                address,
            } => {
                let body = match file.to_str() {
                    Some("-") => {
                        let mut body = Vec::new();
                        std::io::stdin().read_to_end(&mut body)?;
                        body
                    }
                    _ => std::fs::read(file).with_context(|| file.display().to_string())?,
                };
                block_on(parse(&config, kind, body, settings, headers, address.as_ref()))
            }
        }
    }
}

fn list(config: &Config) -> anyhow::Result<()> {
    for release in boot::installed_channels(config)? {
        let manifest = &release.manifest;
        say!(
            "{:<12} {}: a plugin, version {}",
            manifest.id,
            manifest.title,
            manifest.version
        );
    }
    for kind in boot::channels(config, Arc::new(SystemClock))?.all() {
        let descriptor = kind.descriptor();
        say!(
            "{:<12} {}: {}",
            descriptor.kind,
            descriptor.title,
            descriptor.summary
        );
    }
    Ok(())
}

async fn parse(
    config: &Config,
    kind: &str,
    body: Vec<u8>,
    set: &[String],
    headers: &[String],
    address: Option<&Url>,
) -> anyhow::Result<()> {
    let registry = boot::channels(config, Arc::new(SystemClock))?;
    // What it runs in has to outlive it.
    let plugin;
    let kind = match registry.get(kind) {
        Ok(kind) => kind,
        Err(unknown) => {
            plugin = boot::installed_channel(config, kind).await?;
            match &plugin {
                Some(installed) => installed.kind.clone(),
                None => anyhow::bail!("{}; see `omnichat channel list`", unknown.message()),
            }
        }
    };
    let mut settings = placeholders(&kind.descriptor().config_schema);
    for pair in set {
        let (name, value) = pair
            .split_once('=')
            .with_context(|| format!("--set {pair}: NAME=VALUE"))?;
        let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
        settings.insert(name.to_owned(), value);
    }
    let account = AccountConfig {
        inbox: InboxId::generate(&SystemClock),
        config: Value::Object(settings),
        proxy_url: None,
    };
    let channel = kind.open(account).map_err(explained)?;
    if !channel.capabilities().webhook {
        anyhow::bail!("'{}' takes no webhooks", kind.descriptor().kind);
    }
    let mut request = WebhookRequest::post(body);
    if let Some(address) = address {
        let origin = &address[..Position::BeforePath];
        request = request.at(origin, &address[Position::BeforePath..Position::AfterQuery]);
    }
    for header in headers {
        let (name, value) = header
            .split_once(':')
            .with_context(|| format!("--header {header}: NAME:VALUE"))?;
        request = request.with_header(name.trim(), value.trim());
    }
    let events = channel
        .parse(&request)
        .await
        .map_err(explained)
        .context("this would go into quarantine")?;
    say!("{}", serde_json::to_string_pretty(&events)?);
    Ok(())
}

/// Something for every required setting: parsing asks the network for nothing, so no secret is needed.
fn placeholders(schema: &Value) -> Map<String, Value> {
    let required = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    required
        .map(|name| {
            let property = &schema["properties"][name];
            let value = match property["type"].as_str() {
                _ if !property["default"].is_null() => property["default"].clone(),
                Some("integer" | "number") => property.get("minimum").cloned().unwrap_or_else(|| 1.into()),
                Some("boolean") => false.into(),
                Some("array") => Value::Array(Vec::new()),
                _ if property["format"] == "uri" => "https://example.org/".into(),
                _ => example(property).into(),
            };
            (name.to_owned(), value)
        })
        .collect()
}

fn example(property: &Value) -> String {
    match property["x-placeholder"].as_str() {
        Some(text) => text.to_owned(),
        None => "x".repeat(
            property["minLength"]
                .as_u64()
                .and_then(|n| usize::try_from(n).ok())
                .unwrap_or(1)
                .min(256),
        ),
    }
}

fn explained(error: omnichat_core::Error) -> anyhow::Error {
    let mut text = error.message().to_owned();
    // Whoever has the file may read what is wrong with it.
    if let Some(problem) = error.context_value("problem") {
        text.push_str(&format!("\n  {problem}"));
    }
    for field in error.fields() {
        text.push_str(&format!(
            "\n  {}: {} (give it with --set)",
            field.field, field.message
        ));
    }
    anyhow::anyhow!(text)
}
