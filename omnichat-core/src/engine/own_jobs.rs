//! The engine's own kinds of jobs, in one place: what each is called ([`kinds`]), where it runs, what it does, and what is left to do
//! when it is given up.

use std::sync::Arc;

use async_trait::async_trait;
use futures::FutureExt;
use futures::future::BoxFuture;

use super::{Engine, JobKind, Pool};
use crate::change::Changes;
use crate::error::{Error, ErrorKind, Result};
use crate::flow::{media, outbound, polling, retagging, routing, scenarios, waking, watching};
use crate::job::{Lease, kinds};

type Run = for<'a> fn(&'a Engine, &'a Lease) -> BoxFuture<'a, Result<()>>;
type GivenUp = for<'a> fn(&'a Engine, &'a Lease, &'a Error) -> BoxFuture<'a, Result<Changes>>;

struct Own {
    name: &'static str,
    pool: Pool,
    run: Run,
    given_up: GivenUp,
}

#[async_trait]
impl JobKind for Own {
    fn name(&self) -> &str {
        self.name
    }

    fn pool(&self) -> Pool {
        self.pool
    }

    async fn run(&self, engine: &Engine, lease: &Lease) -> Result<()> {
        (self.run)(engine, lease).await
    }

    async fn given_up(&self, engine: &Engine, lease: &Lease, why: &Error) -> Result<Changes> {
        (self.given_up)(engine, lease, why).await
    }
}

fn own(name: &'static str, pool: Pool, run: Run, given_up: GivenUp) -> Arc<dyn JobKind> {
    Arc::new(Own {
        name,
        pool,
        run,
        given_up,
    })
}

/// Every kind.
pub(super) fn all() -> [Arc<dyn JobKind>; 15] {
    use Pool::{Downloads, Polls, Work};
    [
        own(
            kinds::SEND,
            Work,
            |engine, lease| outbound::run_send(engine.ports(), lease).boxed(),
            |engine, lease, why| outbound::give_up_send(engine.ports(), lease, why).boxed(),
        ),
        own(kinds::EDIT, Work, run_change, give_up_change),
        own(kinds::DELETE, Work, run_change, give_up_change),
        own(
            kinds::ACKNOWLEDGE,
            Work,
            |engine, lease| outbound::run_acknowledge(engine.ports(), lease).boxed(),
            nothing,
        ),
        own(
            kinds::FETCH,
            Downloads,
            |engine, lease| {
                let max_bytes = engine.options().max_file_bytes;
                media::run_fetch(engine.ports(), max_bytes, lease).boxed()
            },
            |engine, lease, why| media::give_up_fetch(engine.ports(), lease, why).boxed(),
        ),
        // Whatever happens next in the tenant asks for another look, and so does the reconciler.
        own(
            kinds::ROUTE,
            Work,
            |engine, lease| routing::run_route(engine.ports(), &engine.inner.routers, lease).boxed(),
            nothing,
        ),
        own(
            kinds::WAKE,
            Work,
            |engine, lease| waking::run_wake(engine.ports(), lease).boxed(),
            |engine, lease, _| waking::give_up_wake(engine.ports(), lease).boxed(),
        ),
        own(
            kinds::POLL,
            Polls,
            |engine, lease| polling::run_poll(engine.ports(), &engine.inner.inbound, lease).boxed(),
            give_up_standing,
        ),
        own(
            kinds::WATCH,
            Work,
            |engine, lease| watching::run_watch(engine.ports(), lease).boxed(),
            give_up_standing,
        ),
        own(
            kinds::TURN,
            Work,
            |engine, lease| scenarios::run_turn(engine.ports(), lease).boxed(),
            give_up_scenario,
        ),
        own(
            kinds::TIMER,
            Work,
            |engine, lease| scenarios::run_timer(engine.ports(), lease).boxed(),
            give_up_scenario,
        ),
        own(
            kinds::TOOL,
            Work,
            |engine, lease| scenarios::run_tool(engine.ports(), lease).boxed(),
            |engine, lease, why| scenarios::give_up_tool(engine.ports(), lease, why).boxed(),
        ),
        own(
            kinds::INBOUND,
            Work,
            |engine, lease| run_deferred(engine, lease).boxed(),
            |engine, lease, why| {
                let changes = engine.inner.inbound.give_up_deferred(lease, why);
                async { changes }.boxed()
            },
        ),
        // What is held stays held, and can be tried again by hand.
        own(
            kinds::REPLAY,
            Work,
            |engine, lease| run_replay(engine, lease).boxed(),
            nothing,
        ),
        // What still carries the old name goes on carrying it.
        own(
            kinds::RENAME_TAG,
            Work,
            |engine, lease| retagging::run_rename(engine.ports(), lease).boxed(),
            nothing,
        ),
    ]
}

fn nothing<'a>(_: &'a Engine, lease: &'a Lease, _: &'a Error) -> BoxFuture<'a, Result<Changes>> {
    async { Ok(Changes::in_job(&lease.job)) }.boxed()
}

fn run_change<'a>(engine: &'a Engine, lease: &'a Lease) -> BoxFuture<'a, Result<()>> {
    outbound::run_change(engine.ports(), lease).boxed()
}

fn give_up_change<'a>(
    engine: &'a Engine,
    lease: &'a Lease,
    why: &'a Error,
) -> BoxFuture<'a, Result<Changes>> {
    outbound::give_up_change(engine.ports(), lease, why).boxed()
}

fn give_up_standing<'a>(
    engine: &'a Engine,
    lease: &'a Lease,
    why: &'a Error,
) -> BoxFuture<'a, Result<Changes>> {
    polling::give_up_standing(engine.ports(), lease, why).boxed()
}

fn give_up_scenario<'a>(
    engine: &'a Engine,
    lease: &'a Lease,
    why: &'a Error,
) -> BoxFuture<'a, Result<Changes>> {
    scenarios::give_up(engine.ports(), lease, why).boxed()
}

async fn run_replay(engine: &Engine, lease: &Lease) -> Result<()> {
    let about: kinds::AboutInbox = kinds::payload(&lease.job)?;
    match engine.inboxes().account(about.inbox).await {
        Ok(account) => engine.inner.inbound.replay_all(&account).await?,
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    outbound::finish(engine.ports(), lease).await
}

async fn run_deferred(engine: &Engine, lease: &Lease) -> Result<()> {
    let deferred: kinds::Deferred = kinds::payload(&lease.job)?;
    match engine.inboxes().account(deferred.inbox).await {
        Ok(account) => engine.inner.inbound.run_deferred(&account, lease).await,
        Err(error) if error.kind() == ErrorKind::NotFound => outbound::finish(engine.ports(), lease).await,
        Err(error) => Err(error),
    }
}
