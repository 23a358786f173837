//! `omnichat completions` and `omnichat man`.

use clap::{Command, ValueEnum};

/// The shells that can be told how to complete.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Shell {
    /// Bash
    Bash,
    /// Fish
    Fish,
    /// Zsh
    Zsh,
}

/// Prints the script for a shell.
pub(super) fn completions(command: &mut Command, shell: Shell) {
    let shell = match shell {
        Shell::Bash => clap_complete::Shell::Bash,
        Shell::Fish => clap_complete::Shell::Fish,
        Shell::Zsh => clap_complete::Shell::Zsh,
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, command, "omnichat", &mut script);
    super::out::bytes(&script);
}

/// Prints one page with every command.
pub(super) fn man(command: Command) -> anyhow::Result<()> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    let mut below = command;
    below.build();
    subcommands(&below, &mut page)?;
    super::out::bytes(&page);
    Ok(())
}

/// The commands below one, each under its whole name.
fn subcommands(command: &Command, page: &mut Vec<u8>) -> anyhow::Result<()> {
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        let whole = sub.get_bin_name().unwrap_or_else(|| sub.get_name()).to_owned();
        let man = clap_mangen::Man::new(sub.clone());
        page.extend_from_slice(format!(".SH {}\n", whole.to_uppercase()).as_bytes());
        man.render_description_section(page)?;
        man.render_options_section(page)?;
        subcommands(sub, page)?;
    }
    Ok(())
}
