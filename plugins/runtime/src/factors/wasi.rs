//! WASI for languages that cannot do without it: an empty world, whose output goes to the log.
//!
//! No files, no environment, no arguments, no sockets; there are only clocks and chance.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use tokio::io::AsyncWrite;
use wasmtime::component::ResourceTable;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};

use super::State;
use super::env::Journal;

/// Most resources (streams, pollables) of an instance.
const RESOURCES: usize = 256;

/// Leads a guest's output streams to the journal of the call that is under way.
#[derive(Clone)]
struct Output {
    journal: Arc<Mutex<Arc<Journal>>>,
}

impl IsTerminal for Output {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Output {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }
}

impl AsyncWrite for Output {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        let journal = self
            .journal
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        journal.print(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

struct Made {
    ctx: WasiCtx,
    table: ResourceTable,
}

/// Made when a guest asks for it first: most never do.
pub(crate) struct WasiFactor {
    made: Option<Box<Made>>,
    output: Output,
}

impl WasiFactor {
    pub(crate) fn new(journal: Arc<Journal>) -> Self {
        Self {
            made: None,
            output: Output {
                journal: Arc::new(Mutex::new(journal)),
            },
        }
    }

    pub(crate) fn report_to(&self, journal: Arc<Journal>) {
        *self.output.journal.lock().unwrap_or_else(PoisonError::into_inner) = journal;
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        let WasiFactor { made, output } = &mut self.wasi;
        let made = made.get_or_insert_with(|| {
            let ctx = WasiCtxBuilder::new()
                .stdout(output.clone())
                .stderr(output.clone())
                .allow_tcp(false)
                .allow_udp(false)
                .build();
            let mut table = ResourceTable::new();
            table.set_max_capacity(RESOURCES);
            Box::new(Made { ctx, table })
        });
        WasiCtxView {
            ctx: &mut made.ctx,
            table: &mut made.table,
        }
    }
}
