//! From the calls of the host to the methods of an author's channel.

use std::marker::PhantomData;

use super::{Action, Channel, InboundEvent, Outbound, PollBatch, Receipt, WebhookRequest, WebhookVerdict};
use crate::bindings::channel::exports::omnichat::plugin::channel::Guest;
use crate::config;
use crate::phase::Phase;
use crate::types::{AccountInfo, ConfigIssue, Descriptor, HttpRequest, PluginError, Result};

/// A channel as the contract wants it.
#[derive(Debug)]
pub struct Exported<C>(PhantomData<C>);

impl<C: Channel + 'static> Guest for Exported<C> {
    fn describe() -> Descriptor {
        Phase::Pure.run(C::describe)
    }

    fn validate_config(settings: String) -> Result<(), Vec<ConfigIssue>> {
        Phase::Offline.run(|| match config::read(&settings) {
            Err(issue) => Err(vec![issue]),
            Ok(config) => Some(C::validate(&config))
                .filter(|issues| !issues.is_empty())
                .map_or(Ok(()), Err),
        })
    }

    fn migrate_config(from_version: String, settings: String) -> Result<String> {
        Phase::Offline.run(|| {
            let settings = serde_json::from_str(&settings)
                .map_err(|_| PluginError::malformed("the settings are no JSON"))?;
            C::migrate(&from_version, settings).map(|settings| settings.to_string())
        })
    }

    fn check() -> Result<AccountInfo> {
        Phase::Full.run(|| C::opened()?.check())
    }

    fn accept_webhook(request: WebhookRequest) -> Result<WebhookVerdict> {
        Phase::Offline.run(|| C::opened()?.accept_webhook(&request))
    }

    fn addressed(request: WebhookRequest) -> Result<Vec<String>> {
        Phase::Pure.run(|| C::addressed(&request))
    }

    fn parse_webhook(request: WebhookRequest) -> Result<Vec<InboundEvent>> {
        Phase::Offline.run(|| C::opened()?.parse_webhook(&request))
    }

    fn poll(cursor: Option<String>) -> Result<PollBatch> {
        Phase::Full.run(|| C::opened()?.poll(cursor.as_deref()))
    }

    fn send(message: Outbound) -> Result<Receipt> {
        Phase::Full.run(|| C::opened()?.send(message))
    }

    fn perform(action: Action) -> Result<()> {
        Phase::Full.run(|| C::opened()?.perform(&action))
    }

    fn resolve_media(remote: String) -> Result<HttpRequest> {
        Phase::Full.run(|| C::opened()?.resolve_media(&remote))
    }
}
