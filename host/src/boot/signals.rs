//! When the operating system wants the host to end.

use anyhow::Context;

/// Listens for SIGTERM and Ctrl-C from its making on, so that none is missed while the host starts.
#[derive(Debug)]
pub struct Stop(os::Signals);

impl Stop {
    /// Begins to listen.
    ///
    /// # Errors
    /// If the operating system does not let signals be heard.
    pub fn listen() -> anyhow::Result<Self> {
        Ok(Self(os::Signals::listen().context("signals cannot be heard")?))
    }

    /// Ends at the first signal. The second one ends the process at once.
    pub async fn wait(mut self) {
        self.0.next().await;
        tokio::spawn(async move {
            self.0.next().await;
            tracing::warn!("told to stop a second time: ending at once");
            std::process::exit(130);
        });
    }
}

#[cfg(unix)]
mod os {
    use tokio::signal::unix::{Signal, SignalKind, signal};

    #[derive(Debug)]
    pub(super) struct Signals {
        interrupt: Signal,
        terminate: Signal,
    }

    impl Signals {
        pub(super) fn listen() -> std::io::Result<Self> {
            let interrupt = signal(SignalKind::interrupt())?;
            Ok(Self {
                interrupt,
                terminate: signal(SignalKind::terminate())?,
            })
        }

        pub(super) async fn next(&mut self) {
            tokio::select! {
                _ = self.interrupt.recv() => {}
                _ = self.terminate.recv() => {}
            }
        }
    }
}

#[cfg(not(unix))]
mod os {
    #[derive(Debug)]
    pub(super) struct Signals;

    impl Signals {
        pub(super) fn listen() -> std::io::Result<Self> {
            Ok(Self)
        }

        pub(super) async fn next(&mut self) {
            if let Err(error) = tokio::signal::ctrl_c().await {
                tracing::error!(%error, "Ctrl-C cannot be heard: the host runs until it is killed");
                std::future::pending().await
            }
        }
    }
}
