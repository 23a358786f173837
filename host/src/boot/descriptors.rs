//! How many files and connections the operating system lets this process have open.

/// Descriptors that are kept for the database, files, plugins and calls to platforms.
const KEPT: u64 = 512;

/// Raises the limit as far as this process may, and says how many connections there is room for; none where no limit can be
/// asked for.
pub(super) fn room() -> Option<usize> {
    let allowed = raise()?;
    let room = allowed.saturating_sub(KEPT).max(allowed / 2);
    usize::try_from(room).ok()
}

#[cfg(unix)]
fn raise() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    match setrlimit(Resource::Nofile, raised) {
        Ok(()) => limit.maximum,
        Err(error) => {
            tracing::debug!(%error, "the limit of open files stays as it was");
            limit.current
        }
    }
}

#[cfg(not(unix))]
fn raise() -> Option<u64> {
    None
}
