//! Other programs: the tools of each language.

use std::io::ErrorKind;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

/// Runs a program to its end; what it prints is seen.
///
/// # Errors
/// If it is not there, with what to install; if it fails, with what it was meant to do.
pub(crate) fn run(command: &mut Command, purpose: &str, install: &str) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    match command.status() {
        Ok(status) => ensure!(status.success(), "{purpose}: {name} ended with {status}"),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            bail!("{purpose}: there is no {name}; {install}")
        }
        Err(error) => return Err(error).context(format!("{purpose}: {name} does not start")),
    }
    Ok(())
}

/// What a program says; nothing if it fails or is not there.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_with_what_to_install() {
        let said = run(&mut Command::new("/nowhere/npm"), "building", "install Node.js")
            .unwrap_err()
            .to_string();
        assert_eq!(said, "building: there is no /nowhere/npm; install Node.js");
        assert!(answer(&mut Command::new("/nowhere/npm")).is_none());
    }
}
