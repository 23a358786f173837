//! The one engine of a process: its configuration, its pool of instances and its clock.

use std::time::Duration;

use omnichat_core::error::{Error, Result};
use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

use crate::measure;

/// The period of the engine's clock: a call is looked at this often, and yields to others.
pub(crate) const TICK: Duration = Duration::from_millis(10);

/// Largest memory that any plugin can be granted, in bytes.
pub(crate) const MEMORY_CEILING: usize = 256 * 1024 * 1024;
/// Most memories, tables and core instances of a component.
pub(crate) const MEMORIES: u32 = 4;
pub(crate) const TABLES: u32 = 20;
pub(crate) const CORE_INSTANCES: u32 = 20;

/// Bytes of a memory or table that a slot of the pool keeps when its instance is gone. What is kept is cleared by writing; giving
/// pages back and taking them again would stop every thread of the process for a moment, several times in each call, and two
/// cores would do no more calls than one. The system tells which pages were written to (Linux 6.7 and later).
const KEPT: usize = 2 * 1024 * 1024;
/// Where it does not, all that is kept is cleared each time.
const KEPT_BLINDLY: usize = 64 * 1024;

/// Where instances come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allocation {
    /// From slots that are reserved beforehand: fast.
    Pooled,
    /// From the system each time, because the address space could not be reserved.
    OnDemand,
}

impl Allocation {
    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pooled => "pooled",
            Self::OnDemand => "on_demand",
        }
    }
}

/// Makes an engine for so many instances at once and starts its clock.
pub(crate) fn build(instances: usize) -> Result<(Engine, Allocation)> {
    let (engine, allocation) = match Engine::new(&config(Some(instances))) {
        Ok(engine) => (engine, Allocation::Pooled),
        Err(error) => {
            tracing::warn!(
                error = %error.root_cause(),
                instances,
                "the address space for a pool of plugin instances cannot be reserved: each is made on demand"
            );
            let engine = Engine::new(&config(None)).map_err(|error| {
                Error::internal("the WebAssembly engine cannot be set up").with("cause", error.root_cause())
            })?;
            (engine, Allocation::OnDemand)
        }
    };
    measure::allocation(allocation);
    start_clock(&engine)?;
    Ok((engine, allocation))
}

fn config(pool: Option<usize>) -> Config {
    let mut config = Config::new();
    config
        .epoch_interruption(true)
        .memory_init_cow(true)
        .max_wasm_stack(512 * 1024)
        .async_stack_size(1024 * 1024)
        .parallel_compilation(true)
        .wasm_memory64(false)
        .concurrency_support(false)
        // Functions are named in a trap's message, places within them are not: less to keep, prove and load.
        .generate_address_map(false);
    // Windows cannot do without; elsewhere it serves other programs' stack traces only.
    if cfg!(not(windows)) {
        config.native_unwind_info(false);
    }
    if let Some(instances) = pool {
        let instances = u32::try_from(instances.max(1)).unwrap_or(u32::MAX / 64);
        let kept = match PoolingAllocationConfig::is_pagemap_scan_available() {
            true => KEPT,
            false => KEPT_BLINDLY,
        };
        let mut pool = PoolingAllocationConfig::new();
        pool.total_component_instances(instances)
            .total_core_instances(instances.saturating_mul(CORE_INSTANCES))
            .total_memories(instances.saturating_mul(MEMORIES))
            .total_tables(instances.saturating_mul(TABLES))
            .total_stacks(instances)
            .max_core_instances_per_component(CORE_INSTANCES)
            .max_memories_per_component(MEMORIES)
            .max_tables_per_component(TABLES)
            .table_elements(20_000)
            .max_memory_size(MEMORY_CEILING)
            .pagemap_scan(Enabled::Auto)
            .linear_memory_keep_resident(kept)
            .table_keep_resident(kept);
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    }
    config
}

/// A thread of its own: the engine's clock must go on when every worker of the async runtime is busy in a guest. It ends
/// with the engine.
fn start_clock(engine: &Engine) -> Result<()> {
    let engine = engine.weak();
    std::thread::Builder::new()
        .name("plugin-clock".to_owned())
        .spawn(move || {
            while let Some(engine) = engine.upgrade() {
                engine.increment_epoch();
                drop(engine);
                std::thread::sleep(TICK);
            }
        })
        .map(|_| ())
        .map_err(|error| Error::internal("the clock of plugins cannot be started").caused_by(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pool_beyond_the_address_space_falls_back_to_the_system() {
        assert_eq!(build(4).unwrap().1, Allocation::Pooled);
        // 4 GiB for each of a billion memories is more than any machine has.
        assert_eq!(build(1_000_000_000).unwrap().1, Allocation::OnDemand);
    }
}
