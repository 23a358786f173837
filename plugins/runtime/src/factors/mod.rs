//! What a guest finds around it: small parts that each own their limits and state, in version-free words. The worlds
//! translate.

pub(crate) mod crypto;
pub(crate) mod env;
pub(crate) mod http;
pub(crate) mod kv;
pub(crate) mod request;
pub(crate) mod wasi;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use omnichat_core::channel::OutboundFile;
use omnichat_core::clock::Clock;

use crate::account::Account;
use crate::export::{Export, Reach};
use crate::kv::KeyValue;
use crate::lane::{SlowLane, Turn};
use crate::limits::{CpuMeter, Gauges, Limiter, Limits};
use crate::rehearsal::Stage;

/// What the parts are made from, once for a plugin.
#[derive(Clone)]
pub(crate) struct Services {
    pub(crate) limits: Arc<Limits>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) kv: Arc<dyn KeyValue>,
    pub(crate) stage: Option<Arc<dyn Stage>>,
    pub(crate) lane: SlowLane,
}

/// One call, as its parts see it. What must outlive the store is behind `Arc`s.
pub(crate) struct CallScope {
    pub(crate) export: Export,
    pub(crate) account: Arc<Account>,
    /// Files that may be named in requests.
    pub(crate) files: Vec<OutboundFile>,
    pub(crate) journal: Arc<env::Journal>,
    pub(crate) traffic: Arc<http::Traffic>,
    pub(crate) gauges: Arc<Gauges>,
    pub(crate) meter: Arc<CpuMeter>,
    pub(crate) turn: Arc<Turn>,
}

impl CallScope {
    /// A call, or what the host does itself on behalf of one, with so much processor time.
    pub(crate) fn new(services: &Services, export: Export, account: Arc<Account>, cpu: Duration) -> Self {
        Self {
            meter: Arc::new(CpuMeter::new(cpu)),
            turn: services.lane.enter(),
            export,
            account,
            files: Vec::new(),
            journal: Arc::default(),
            traffic: Arc::default(),
            gauges: Arc::default(),
        }
    }
}

/// The data of a store.
pub(crate) struct State {
    pub(crate) limiter: Limiter,
    pub(crate) meter: Arc<CpuMeter>,
    pub(crate) env: env::EnvFactor,
    pub(crate) http: http::HttpFactor,
    pub(crate) kv: kv::KvFactor,
    pub(crate) crypto: crypto::CryptoFactor,
    pub(crate) wasi: wasi::WasiFactor,
}

impl State {
    pub(crate) fn new(services: &Services, scope: &CallScope) -> Self {
        Self {
            limiter: Limiter::new(&services.limits, scope.gauges.clone()),
            meter: scope.meter.clone(),
            env: env::EnvFactor::new(services, scope),
            http: http::HttpFactor::new(services, scope),
            kv: kv::KvFactor::new(services, scope),
            crypto: crypto::CryptoFactor::new(scope),
            wasi: wasi::WasiFactor::new(scope.journal.clone()),
        }
    }

    /// The first part of a call of two is over: the second has so much processor time of its own.
    pub(crate) fn begin_second_part(&self, cpu: Duration) {
        self.limiter.gauges.second_part.store(true, Ordering::Relaxed);
        self.meter.allow(cpu);
    }

    /// Makes a warm store ready for another call: everything but the guest's memory is new.
    pub(crate) fn renew(&mut self, services: &Services, scope: &CallScope) {
        self.limiter.report_to(scope.gauges.clone());
        self.meter = scope.meter.clone();
        self.env = env::EnvFactor::new(services, scope);
        self.http = http::HttpFactor::new(services, scope);
        self.kv = kv::KvFactor::new(services, scope);
        self.crypto = crypto::CryptoFactor::new(scope);
        self.wasi.report_to(scope.journal.clone());
    }
}

/// Whether a call may use the network and the store.
fn reaches_all(export: Export) -> bool {
    export.reach() == Reach::All
}
