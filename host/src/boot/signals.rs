//! When the operating system wants the host to end.

/// Ends at the first SIGTERM or Ctrl-C. The second one ends the process at once.
pub async fn stop() {
    wait().await;
    tokio::spawn(async {
        wait().await;
        tracing::warn!("told to stop a second time: ending at once");
        std::process::exit(130);
    });
}

#[cfg(unix)]
async fn wait() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupt = signal(SignalKind::interrupt());
    let terminate = signal(SignalKind::terminate());
    match (interrupt, terminate) {
        (Ok(mut interrupt), Ok(mut terminate)) => {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        }
        (interrupt, terminate) => {
            let error = interrupt.err().or(terminate.err());
            tracing::error!(?error, "signals cannot be heard: the host runs until it is killed");
            std::future::pending().await
        }
    }
}

#[cfg(not(unix))]
async fn wait() {
    if let Err(error) = tokio::signal::ctrl_c().await {
        tracing::error!(%error, "Ctrl-C cannot be heard: the host runs until it is killed");
        std::future::pending().await
    }
}
