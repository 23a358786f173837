//! `omnichat serve`.

use clap::Args;

use super::Common;
use crate::boot::Host;
use crate::boot::signals::Stop;
use crate::config::Config;
use crate::{demo, telemetry};

/// Start the host
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Address and port [default: 127.0.0.1:8080]
    #[arg(long, short, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// The address under which others reach this host: `https://chat.example.org`
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// How the log looks: pretty or json
    #[arg(long, value_name = "FORMAT", value_parser = ["pretty", "json"])]
    log_format: Option<String>,
    /// Fill an empty database with a living example, and print who can sign in
    #[arg(long)]
    demo: bool,
}

impl Serve {
    pub(super) fn run(&self, common: &Common) -> anyhow::Result<()> {
        let config = common.load(&[
            ("server.listen", self.listen.clone()),
            ("server.public_url", self.public_url.clone()),
            ("log.format", self.log_format.clone()),
        ])?;
        telemetry::logs::start(&config.log)?;
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        if config.work.threads > 0 {
            runtime.worker_threads(config.work.threads);
        }
        // Files and passwords need a few threads, not five hundred.
        let runtime = runtime
            .max_blocking_threads(32)
            .thread_stack_size(1024 * 1024)
            .enable_all()
            .build()?;
        let ended = runtime.block_on(self.serve(config));
        runtime.shutdown_timeout(std::time::Duration::from_secs(2));
        ended
    }

    async fn serve(&self, config: Config) -> anyhow::Result<()> {
        let stop = Stop::listen()?;
        let host = Host::start(config).await?;
        let mut lines = Vec::new();
        if self.demo {
            lines = demo::fill(host.state()).await?;
        }
        let state = host.state();
        let base = &state.base_url;
        say!("OmniChat {} is ready: {base}", env!("CARGO_PKG_VERSION"));
        if let Some(token) = state.setup.open(&state.engine).await? {
            lines.push("Create the first administrator with this link; it works once:".to_owned());
            lines.push(format!("  {base}/setup#{token}"));
        }
        for line in lines {
            say!("{line}");
        }
        tracing::info!(listen = %host.address()?, store = state.engine.store_name(), "ready");
        host.run(stop.wait()).await
    }
}
