//! The `omnichat` binary. Everything is in the library; see `omnichat --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    omnichat_host::cli::main()
}
