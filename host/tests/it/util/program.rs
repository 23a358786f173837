//! The program itself, as a process of its own.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

/// The program in a folder, with nothing of this process's surroundings.
pub(crate) fn omnichat(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_omnichat"));
    command.current_dir(folder).env_clear().stdin(Stdio::null());
    command
}

/// Runs a command to its end.
pub(crate) fn run(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut command = omnichat(folder);
    let mut child = command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that does not read has gone before this is written.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// Everything that a command printed.
pub(crate) fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// What a command that succeeds printed as its result, without the last line break.
#[track_caller]
pub(crate) fn result(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments, "");
    assert!(output.status.success(), "{arguments:?}: {}", said(&output));
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

/// A host that serves, until it is dropped.
pub(crate) struct Serving {
    child: Child,
    /// Its address.
    pub(crate) base: String,
}

impl Serving {
    /// Starts one with the data of a folder.
    pub(crate) fn start(folder: &Path) -> Self {
        let mut child = omnichat(folder)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .env("OMNICHAT_AUTH__HASH_MEMORY_KIB", "8")
            .env("OMNICHAT_AUTH__HASH_PASSES", "1")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = lines.next().expect("a host that starts").unwrap();
        let base = ready.split_once("is ready: ").expect(&ready).1.to_owned();
        Self { child, base }
    }

    /// Goes down in order.
    pub(crate) fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            let id = self.child.id().to_string();
            let _ = Command::new("kill").arg(id).status();
            let _ = self.child.wait();
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.end();
    }
}
