//! Starting other programs, with errors that say which one and what to do.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// Cargo itself: the one that runs this command, so that a toolchain chosen with `+name` stays chosen.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(crate::workspace::root());
    command
}

/// Prints the command and runs it to its end; an error unless it succeeds.
pub(crate) fn succeed(command: &mut Command) -> Result<()> {
    let shown = shown(command);
    println!("$ {shown}");
    let status = command
        .status()
        .with_context(|| format!("cannot start `{shown}`"))?;
    if !status.success() {
        bail!("`{shown}` ended with {status}");
    }
    Ok(())
}

/// Runs the command without showing what it prints; an error, with what it printed, unless it succeeds.
pub(crate) fn succeed_quietly(command: &mut Command) -> Result<()> {
    let shown = shown(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start `{shown}`"))?;
    if !output.status.success() {
        let printed = [output.stdout, output.stderr].concat();
        bail!(
            "`{shown}` ended with {}:\n{}",
            output.status,
            String::from_utf8_lossy(&printed).trim_end()
        );
    }
    Ok(())
}

/// What the command prints on its standard output, or nothing where it is absent or fails.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Looks a program up in `PATH`.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|dir| dir.join(program))
        .find(|file| file.is_file())
}

/// The command as one would type it: Cargo's long path is of no use to a reader.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or(command.get_program());
    let words = [program].into_iter().chain(command.get_args());
    let words: Vec<String> = words.map(word).collect();
    words.join(" ")
}

fn word(word: &OsStr) -> String {
    let text = word.to_string_lossy();
    if text.is_empty() || text.contains(char::is_whitespace) {
        format!("'{text}'")
    } else {
        text.into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_command_is_named_with_what_it_printed() {
        let failed = succeed_quietly(Command::new("sh").args(["-c", "echo reason >&2; exit 3"]));
        let text = failed.expect_err("exit 3 is a failure").to_string();
        assert!(text.contains("sh -c 'echo reason >&2; exit 3'"), "{text}");
        assert!(
            text.contains("exit status: 3") && text.contains("reason"),
            "{text}"
        );
    }

    #[test]
    fn an_absent_program_has_no_answer_and_no_place() {
        assert_eq!(answer(&mut Command::new("omnichat-no-such-program")), None);
        assert_eq!(find("omnichat-no-such-program"), None);
        assert_eq!(
            answer(Command::new("sh").args(["-c", "echo ' here '"])).as_deref(),
            Some("here")
        );
    }
}
