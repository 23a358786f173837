//! A living example for `--demo`: a small tea shop with its operators, inboxes and some days of conversations.
//!
//! Everything is written by the services that a host uses anyway, by a [`clock::StoryClock`] that runs through the last days,
//! so that the example looks as if the shop had been at work. [`talks`] is what was said, [`play`] says it.

mod clock;
mod people;
mod picture;
mod play;
mod talks;

use std::sync::Arc;

use omnichat_core::Engine;
use omnichat_core::operators::OperatorStatus;

use crate::app::AppState;
use crate::auth::password::Passwords;
use crate::config::AuthConfig;
use clock::StoryClock;
use people::{Shop, Who};
use play::Stage;

/// What the operators of the example sign in with.
const PASSWORD: &str = "omnichat demo";

/// Fills an empty host, once; one that has an organisation is left as it is. What to tell the person who started it.
///
/// # Errors
/// If something cannot be written; then the example may be there in part.
pub async fn fill(state: &AppState) -> anyhow::Result<Vec<String>> {
    if !state.engine.tenants().list().await?.is_empty() {
        return Ok(vec![
            "The demo was not added: there is an organisation already.".to_owned(),
        ]);
    }
    let now = state.engine.now();
    let clock = Arc::new(StoryClock::at(now.before(talks::BEGINNING)));
    let engine = storyteller(state, clock.clone());
    let hash = password_hash().await?;
    let shop = Shop::found(&engine, &hash).await?;
    let mut stage = Stage::new(&engine, &clock, &shop, now);
    for talk in talks::all() {
        stage.play(&talk).await?;
    }
    clock.set(now);
    close_the_day(&engine, &shop).await?;
    let base = &state.base_url;
    Ok(vec![
        "The demo is there. Sign in with:".to_owned(),
        format!("  {base}  {}  {PASSWORD}", people::email(Who::Admin)),
        format!(
            "  (colleagues: {}, with the same password)",
            colleagues().join(", ")
        ),
        format!("Write as a visitor at {base}/widget/demo?inbox={}", shop.site),
    ])
}

/// The same store, files and channels by another clock.
fn storyteller(state: &AppState, clock: Arc<StoryClock>) -> Engine {
    state
        .engine
        .beside()
        .clock(clock)
        .vault(state.keys.vault())
        .build()
}

/// A password of an example needs no strong hash, and filling it should not take seconds.
async fn password_hash() -> anyhow::Result<String> {
    let mut config = AuthConfig::default();
    (config.hash_memory_kib, config.hash_passes) = (1_024, 1);
    Ok(Passwords::new(&config)?
        .hash_new(PASSWORD, "", "password")
        .await?)
}

fn colleagues() -> Vec<String> {
    Who::ALL
        .into_iter()
        .filter(|who| *who != Who::Admin)
        .map(people::email)
        .collect()
}

/// Until now nobody was online, so that routing gave nobody what the talks did not. One colleague is at work with both hands full, one on a break, the rest have gone home: new conversations are for whoever
/// tries the example.
async fn close_the_day(engine: &Engine, shop: &Shop) -> anyhow::Result<()> {
    let operators = engine.operators();
    let loads = operators.loads(&shop.system).await?;
    for who in Who::ALL {
        let actor = shop.actor(who);
        let id = actor.require_operator()?;
        let status = match who {
            Who::Mark => OperatorStatus::Online,
            Who::Lena => OperatorStatus::Break,
            Who::Admin | Who::Anna | Who::Tom => OperatorStatus::Offline,
        };
        if who == Who::Mark {
            let patch = omnichat_core::operators::OperatorPatch {
                capacity: Some(loads.get(&id).copied().unwrap_or(0)),
                ..Default::default()
            };
            operators.update(&shop.system, id, patch).await?;
        }
        operators.set_status(actor, id, status).await?;
    }
    Ok(())
}
