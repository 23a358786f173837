//! The `omnichat` binary. Everything is in the library; see `omnichat --help`.

use std::process::ExitCode;

/// Messages are many small texts: the allocator of the C library costs a sixth of the time of a webhook.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    omnichat_host::cli::main()
}
