//! Keeps a server for as long as this process lives, and not a moment longer.
//!
//! The server is the child of a small shell that does nothing but read from a pipe whose other end we hold. When we
//! drop it, are interrupted, or are killed without a chance to do anything, the read ends, and the shell stops the
//! server and removes its folder. The shell has a process group of its own, so Ctrl-C reaches us and not the server,
//! which must outlive the tests that are ending.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};
use tempfile::TempDir;

/// Arguments: the signal that stops the server, the folder to remove, then the server and its arguments.
const SHELL: &str = r#"
signal=$1 folder=$2
shift 2
"$@" >"$folder/log" 2>&1 &
server=$!
echo "$server"
read -r _
kill -s "$signal" "$server" 2>/dev/null
wait "$server"
rm -rf "$folder"
"#;

/// Whom a server runs as, where that is not ourselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct User {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
}

impl User {
    /// Makes the command run as this user.
    pub(crate) fn apply(self, command: &mut Command) {
        command.uid(self.uid).gid(self.gid);
    }
}

/// A server that is about to be started.
pub(crate) struct Server {
    /// What to call it in messages.
    pub(crate) name: &'static str,
    /// Its own folder: data and log, owned by `user`, removed in the end.
    pub(crate) folder: TempDir,
    /// The signal that makes it end at once.
    pub(crate) signal: &'static str,
    /// The user to run as; nothing for our own.
    pub(crate) user: Option<User>,
}

/// A running server; dropping it stops the server and removes its folder.
pub(crate) struct Guarded {
    name: &'static str,
    folder: PathBuf,
    shell: Child,
}

impl Server {
    /// Starts the program under guard. It may need a while before it answers.
    pub(crate) fn start(self, program: &Path, arguments: &[&str]) -> Result<Guarded> {
        let mut command = Command::new("sh");
        command
            .args(["-c", SHELL, "sh", self.signal])
            .arg(self.folder.path())
            .arg(program)
            .args(arguments);
        command
            .current_dir(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        command.process_group(0);
        if let Some(user) = self.user {
            chown(self.folder.path(), Some(user.uid), Some(user.gid))?;
            user.apply(&mut command);
        }
        let shell = command
            .spawn()
            .with_context(|| format!("cannot start {}", self.name))?;
        // From here on the shell removes the folder.
        let mut guarded = Guarded {
            name: self.name,
            folder: self.folder.keep(),
            shell,
        };
        guarded.wait_for_shell()?;
        Ok(guarded)
    }
}

impl Guarded {
    /// What to call it in messages.
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// The last lines of what the server printed.
    pub(crate) fn log_end(&self) -> String {
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(15)..].join("\n")
    }

    /// Waits for the shell's first line, which says that the server's process exists; its number.
    fn wait_for_shell(&mut self) -> Result<u32> {
        let stdout = self
            .shell
            .stdout
            .take()
            .context("the shell's output is not a pipe")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        line.trim()
            .parse()
            .with_context(|| format!("cannot start {}: the shell said {line:?}", self.name))
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        if let Err(error) = self.shell.wait() {
            eprintln!("cannot wait for the end of {}: {error}", self.name);
        }
    }
}

/// A password that nobody knows, for a server that others on this machine can reach.
pub(crate) fn secret() -> Result<String> {
    use std::io::Read;
    let mut bytes = [0; 16];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sleeper() -> Guarded {
        let folder = super::super::folder("guard-test").expect("a folder");
        let server = Server {
            name: "sleeper",
            folder,
            signal: "TERM",
            user: None,
        };
        // The server marks its life in its folder and then waits far longer than any test.
        server
            .start(
                Path::new("/bin/sh"),
                &["-c", "echo started; echo $$ >pid; exec sleep 600"],
            )
            .expect("the shell starts")
    }

    fn wait_for_pid(guarded: &Guarded) -> String {
        let pid = guarded.folder.join("pid");
        let written = || fs::read_to_string(&pid).is_ok_and(|text| text.ends_with('\n'));
        super::super::wait_until(written, guarded).expect("the server writes its number");
        fs::read_to_string(&pid)
            .expect("it was just there")
            .trim()
            .to_owned()
    }

    #[test]
    fn a_dropped_server_is_gone_with_its_folder() {
        let guarded = sleeper();
        let pid = wait_for_pid(&guarded);
        let folder = guarded.folder.clone();
        assert!(Path::new("/proc").join(&pid).exists(), "it runs");
        assert_eq!(guarded.log_end(), "started");
        drop(guarded);
        assert!(
            !Path::new("/proc").join(&pid).exists(),
            "it was stopped and waited for"
        );
        assert!(!folder.exists(), "its folder was removed");
    }

    #[test]
    fn the_server_has_a_process_group_of_its_own() {
        let guarded = sleeper();
        let pid = wait_for_pid(&guarded);
        let group = |pid: &str| {
            let stat = fs::read_to_string(Path::new("/proc").join(pid).join("stat")).expect("a live process");
            // The command's name is in brackets and may hold spaces; state, parent and group follow it.
            let after_name = stat.rsplit(')').next().expect("a name").to_owned();
            after_name.split_whitespace().nth(2).expect("a group").to_owned()
        };
        assert_ne!(group(&pid), group("self"));
    }

    #[test]
    fn secrets_differ() {
        let (one, other) = (secret().expect("random bytes"), secret().expect("random bytes"));
        assert_eq!(one.len(), 32);
        assert_ne!(one, other);
    }
}
