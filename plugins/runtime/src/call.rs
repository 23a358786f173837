//! One call: a place, a store, the budgets, the guest's code, and what is to be told of it.
//!
//! ```text
//! breaker ─▶ place (plugin, pool, slow lane) ─▶ fresh or warm store ─▶ budgets armed ─▶ export ─▶ outcome ─▶ breaker, health, metrics
//!            └─────────────────────────────── wall clock ────────────────────────────────┘
//! ```

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};
use std::time::Instant;

use futures::future::BoxFuture;
use omnichat_core::channel::OutboundFile;
use tracing::Instrument;
use wasmtime::{Store, Trap, UpdateDeadline, WasmBacktrace};

use crate::account::Account;
use crate::engine;
use crate::export::Export;
use crate::factors::{CallScope, State};
use crate::limits::Gauges;
use crate::measure::Measure;
use crate::outcome::{Failure, Outcome, PluginError};
use crate::plugin::Plugin;
use crate::secrets::Secrets;
use crate::status::{LogLine, Report};
use crate::warm::Instance;
use crate::worlds::{Guest, Said};

/// What a call is given.
pub(crate) struct Input<'a, I: ?Sized> {
    value: &'a I,
    files: Vec<OutboundFile>,
    first: Option<Export>,
}

impl<'a, I: ?Sized> Input<'a, I> {
    /// A value.
    pub(crate) fn of(value: &'a I) -> Self {
        Self {
            value,
            files: Vec::new(),
            first: None,
        }
    }

    /// The call begins as that of another export, with its breaker and its limits of time, until it says that it has come to
    /// its own, see [`State::begin_second_part`].
    pub(crate) fn first_within(mut self, export: Export) -> Self {
        self.first = Some(export);
        self
    }

    /// Files that the guest may name in requests during this call.
    pub(crate) fn with_files(mut self, files: Vec<OutboundFile>) -> Self {
        self.files = files;
        self
    }
}

/// The budget of processor time is used up.
#[derive(Debug)]
struct CpuUsedUp;

impl fmt::Display for CpuUsedUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the budget of processor time is used up")
    }
}

impl std::error::Error for CpuUsedUp {}

/// How far a call has come; read when it is cut off.
#[derive(Debug, Default)]
struct Progress(AtomicU8);

impl Progress {
    const WAITING: u8 = 0;
    const INSTANTIATING: u8 = 1;
    const RUNNING: u8 = 2;

    fn reach(&self, step: u8) {
        self.0.store(step, Ordering::Relaxed);
    }

    fn step(&self) -> u8 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Measures the processor time of a future, which has no turn in the slow lane while it waits.
struct Metered<'a, F> {
    scope: &'a CallScope,
    inner: Pin<&'a mut F>,
}

impl<F: Future> Future for Metered<'_, F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.scope.meter.begin_poll();
        let polled = self.inner.as_mut().poll(cx);
        self.scope.meter.end_poll();
        self.scope.turn.pass_on();
        polled
    }
}

impl Plugin {
    /// Makes an instance and lets go of it: what each call costs before the guest's first instruction. For benches.
    ///
    /// # Errors
    /// If the engine cannot make one.
    pub async fn instantiate(&self) -> omnichat_core::error::Result<()> {
        let nobody = Account::nobody("{}".to_owned(), Secrets::default());
        let cpu = self.services.limits.cpu_of(Export::Describe);
        let scope = CallScope::new(&self.services, Export::Describe, nobody, cpu);
        let made = self.instance(&scope).await.map(drop);
        made.map_err(|error| {
            omnichat_core::error::Error::internal("no instance can be made").caused_by(error)
        })
    }

    /// Calls an export for an account.
    pub(crate) async fn call<I, T, A>(
        &self,
        export: Export,
        account: &Arc<Account>,
        input: Input<'_, I>,
        ask: A,
    ) -> Result<T, Failure>
    where
        I: ?Sized + Sync,
        T: Send,
        A: for<'a> FnOnce(&'a Guest, &'a mut Store<State>, &'a I) -> BoxFuture<'a, Said<T>> + Send,
    {
        let first = input.first.unwrap_or(export);
        if let Err(wait) = account.breakers.before(first).admit(self.services.clock.now()) {
            self.measure().refused();
            return Err(Failure {
                outcome: Outcome::HostError,
                export: first,
                message: "the plugin has failed too often lately and is left alone for a while".to_owned(),
                error: None,
                http_begun: false,
                retry_after: Some(wait),
            });
        }
        let span = tracing::info_span!(
            "plugin.call",
            plugin = %self.manifest.id,
            version = %self.manifest.version,
            digest8 = &self.digest[..8],
            export = export.name(),
            account = %account.name,
            outcome = tracing::field::Empty,
        );
        self.run(export, account, input, ask).instrument(span).await
    }

    async fn run<I, T, A>(
        &self,
        export: Export,
        account: &Arc<Account>,
        input: Input<'_, I>,
        ask: A,
    ) -> Result<T, Failure>
    where
        I: ?Sized + Sync,
        T: Send,
        A: for<'a> FnOnce(&'a Guest, &'a mut Store<State>, &'a I) -> BoxFuture<'a, Said<T>> + Send,
    {
        let begun = Instant::now();
        let limits = &self.services.limits;
        let first = input.first.unwrap_or(export);
        let scope = CallScope {
            files: input.files,
            ..CallScope::new(&self.services, export, account.clone(), limits.cpu_of(first))
        };
        let progress = Progress::default();
        let attempt = async {
            // Dropped last: the instance gives its slot back before the place is free.
            let _place = self.permits.acquire(export).await;
            if self.takes_long.load(Ordering::Relaxed) {
                scope.turn.wait().await;
            }
            self.measure().waited(begun.elapsed());
            progress.reach(Progress::INSTANTIATING);
            let work = async {
                let mut instance = self.instance(&scope).await?;
                progress.reach(Progress::RUNNING);
                let Instance { guest, store, .. } = &mut instance;
                let said = ask(guest, store, input.value).await?;
                self.warm.give_back(instance, account);
                Ok::<_, wasmtime::Error>(said)
            };
            let work = std::pin::pin!(work);
            Metered {
                scope: &scope,
                inner: work,
            }
            .await
        };
        let ended = tokio::time::timeout(limits.wall_of(first), attempt).await;
        let http_begun = scope.traffic.begun() > 0;
        let passed = scope.gauges.second_part.load(Ordering::Relaxed);
        let export = if passed { export } else { first };
        let fault = |outcome, message| Failure {
            outcome,
            export,
            message,
            error: None,
            http_begun,
            retry_after: None,
        };
        let result = match ended {
            Ok(Ok(Ok(answer))) => Ok(answer),
            Ok(Ok(Err(error))) => Err(Failure {
                error: Some(hide(error.clone(), account)),
                ..fault(
                    Outcome::PluginError(error.code),
                    account.secrets.hide_text(error.message),
                )
            }),
            Ok(Err(error)) => {
                let (outcome, message) = classify(&error, &scope.gauges, &progress);
                // A plugin that panics says why before it traps.
                let message = match (&outcome, scope.journal.last_words()) {
                    (Outcome::Trap, Some(words)) => with_functions(&error, &words),
                    _ => message,
                };
                Err(fault(outcome, message))
            }
            Err(_) => Err(fault(
                Outcome::WallTimeout,
                match progress.step() {
                    Progress::WAITING => "no place became free in time".to_owned(),
                    _ => format!("it did not end within {} s", limits.wall_of(first).as_secs_f32()),
                },
            )),
        };
        // That the house was full is not the plugin's fault.
        if progress.step() != Progress::WAITING {
            let (now, fault) = (self.services.clock.now(), is_fault(&result));
            account.breakers.before(export).note(now, fault);
            if passed && export != first {
                account.breakers.before(first).note(now, false);
            }
            self.takes_long
                .store(scope.meter.spent() >= engine::TICK, Ordering::Relaxed);
        }
        self.tell(export, &scope, &result, begun);
        result
    }

    /// An instance with fresh budgets: a warm one of this account, or a new one.
    async fn instance(&self, scope: &CallScope) -> wasmtime::Result<Instance> {
        if let Some(mut instance) = self.warm.take(&scope.account) {
            instance.store.data_mut().renew(&self.services, scope);
            arm(&mut instance.store, scope);
            return Ok(instance);
        }
        let mut store = Store::new(&self.engine, State::new(&self.services, scope));
        store.limiter(|state| &mut state.limiter);
        store.set_hostcall_fuel(self.services.limits.hostcall_bytes);
        arm(&mut store, scope);
        let guest = self.template.instantiate(&mut store).await?;
        Ok(Instance {
            guest,
            store,
            calls: 0,
        })
    }

    /// Tells everybody what came of a call.
    fn tell<T>(&self, export: Export, scope: &CallScope, result: &Result<T, Failure>, begun: Instant) {
        let ok = Outcome::Ok;
        let (outcome, message) = match result {
            Ok(_) => (&ok, ""),
            Err(failure) => (&failure.outcome, failure.message.as_str()),
        };
        tracing::Span::current().record("outcome", outcome.name());
        if outcome.is_fault() {
            tracing::warn!(outcome = outcome.name(), message, "a plugin's call failed");
        }
        let (measure, cpu) = (self.measure(), scope.meter.spent());
        measure.called(export, outcome, begun.elapsed(), cpu);
        measure.used_http(scope.traffic.begun().into(), scope.traffic.received());
        let entries = scope.journal.take();
        let mut log = entries.lines;
        log.extend(self.printed(scope, &entries.output, log.len()));
        self.health.add(Report {
            at: self.services.clock.now(),
            export,
            account: &scope.account.name,
            outcome,
            message,
            log,
            log_dropped: entries.dropped,
            metrics: entries.counters,
            memory: scope.gauges.memory.load(Ordering::Relaxed) as u64,
            http_requests: scope.traffic.begun().into(),
            cpu,
        });
    }

    fn measure(&self) -> Measure<'_> {
        Measure(&self.manifest.id)
    }

    /// What was written to output streams, as lines of the log.
    fn printed(&self, scope: &CallScope, output: &[u8], logged: usize) -> Vec<LogLine> {
        let room = self.services.limits.log_lines.saturating_sub(logged);
        let text = String::from_utf8_lossy(output);
        let lines = text.lines().filter(|line| !line.trim().is_empty()).take(room);
        lines
            .map(|line| LogLine {
                at: self.services.clock.now(),
                level: "info",
                export: scope.export.name(),
                account: scope.account.name.clone(),
                message: scope.account.secrets.hide_text(line.to_owned()),
                fields: String::new(),
            })
            .collect()
    }
}

/// Puts the clock to a store. At each tick a guest that has computed for a whole one yields to others and goes on in the slow
/// lane, or ends if its budget is used up; a quick one that a tick happens to meet is left alone.
fn arm(store: &mut Store<State>, scope: &CallScope) {
    let (meter, turn) = (scope.meter.clone(), scope.turn.clone());
    store.epoch_deadline_callback(move |_| {
        let spent = meter.spent_by_now();
        if meter.is_used_up(spent) {
            return Err(CpuUsedUp.into());
        }
        if spent < engine::TICK {
            return Ok(UpdateDeadline::Continue(1));
        }
        let turn = turn.clone();
        let pause = async move {
            tokio::task::yield_now().await;
            turn.wait().await;
        };
        Ok(UpdateDeadline::YieldCustom(1, Box::pin(pause)))
    });
    store.set_epoch_deadline(1);
}

fn is_fault<T>(result: &Result<T, Failure>) -> bool {
    result.as_ref().is_err_and(|failure| failure.outcome.is_fault())
}

fn hide(error: PluginError, account: &Account) -> PluginError {
    PluginError {
        message: account.secrets.hide_text(error.message),
        details: error.details.map(|details| account.secrets.hide_text(details)),
        ..error
    }
}

/// What an error of the engine means.
fn classify(error: &wasmtime::Error, gauges: &Gauges, progress: &Progress) -> (Outcome, String) {
    let cause = error.root_cause().to_string();
    let refused = gauges.refused.load(Ordering::Relaxed);
    if error.downcast_ref::<CpuUsedUp>().is_some() {
        return (
            Outcome::CpuTimeout,
            with_functions(error, "it computed for too long"),
        );
    }
    if refused {
        return (
            Outcome::MemoryLimit,
            with_functions(error, "it wanted more memory or tables than it may have"),
        );
    }
    // The engine's own type for this is private.
    if cause.contains("fuel allocated for hostcalls") {
        return (
            Outcome::HostcallLimit,
            with_functions(error, "it passed more data to the host at once than it may"),
        );
    }
    if error.downcast_ref::<Trap>().is_none() && progress.step() != Progress::RUNNING {
        return (
            Outcome::HostError,
            format!("the plugin cannot be started: {cause}"),
        );
    }
    (Outcome::Trap, with_functions(error, &cause))
}

/// Parts of names of functions that every panic passes, and that say nothing of it.
const MACHINERY: [&str; 6] = [
    "core::",
    "std::",
    "alloc::",
    "rust_panic",
    "rust_begin_unwind",
    "__rust",
];

/// The message with the innermost functions that were active.
fn with_functions(error: &wasmtime::Error, message: &str) -> String {
    let frames = error
        .downcast_ref::<WasmBacktrace>()
        .map(WasmBacktrace::frames)
        .unwrap_or_default();
    let names = frames.iter().filter_map(|frame| frame.func_name());
    let names: Vec<&str> = names
        .filter(|name| !MACHINERY.iter().any(|part| name.starts_with(part)))
        .take(8)
        .collect();
    if names.is_empty() {
        message.to_owned()
    } else {
        format!("{message}, in {}", names.join(" < "))
    }
}
