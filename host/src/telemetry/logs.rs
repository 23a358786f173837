//! The log, on standard error: standard output is for what a command was asked to print.

use std::fmt;
use std::io::IsTerminal;

use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::{Format, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

use super::{fields, json};
use crate::config::{LogConfig, LogFormat};
use crate::security;

/// Starts the log of this process. A second start changes nothing.
///
/// # Errors
/// For a filter that cannot be read.
pub fn start(config: &LogConfig) -> anyhow::Result<()> {
    let registry = tracing_subscriber::registry().with(config.filter()?);
    // Where nobody reads the log any more, there is nobody to complain to either.
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .log_internal_errors(false);
    let started = match config.format {
        LogFormat::Pretty => registry
            .with(
                lines
                    .fmt_fields(fields::readable())
                    .with_ansi(std::io::stderr().is_terminal())
                    .event_format(Text::default()),
            )
            .try_init(),
        LogFormat::Json => registry
            .with(lines.fmt_fields(json::Object).event_format(json::Lines))
            .try_init(),
    };
    if started.is_err() {
        tracing::debug!("the log runs already");
        return Ok(());
    }
    log_panics();
    Ok(())
}

/// Lines for people. Where in the program a line comes from is left out, but what looks like an attack is told by its target, so
/// that it can be filtered.
struct Text {
    usual: Format,
    named: Format,
}

impl Default for Text {
    fn default() -> Self {
        Self {
            usual: Format::default().with_target(false),
            named: Format::default(),
        }
    }
}

impl<S, N> FormatEvent<S, N> for Text
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        match event.metadata().target() {
            security::TARGET => self.named.format_event(context, writer, event),
            _ => self.usual.format_event(context, writer, event),
        }
    }
}

/// Has each panic logged with its place, besides what the process does about it.
fn log_panics() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "the program panicked");
        before(panic);
    }));
}
