//! `omnichat-plugin-build OUTPUT WORK FOLDER…`: builds the plugins in these folders into `OUTPUT/ID.wasm`, with what is built on
//! the way in `WORK`; `omnichat-plugin-build --compiler` says what would build them. The project's own tasks call it; authors have
//! `omnichat plugin build`.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use anyhow::{Context, Result, bail};
use omnichat_plugin_kit::build::{Options, build};
use omnichat_plugin_kit::compiler::Compiler;

fn main() -> ExitCode {
    match run(&env::args().skip(1).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    if arguments == ["--compiler"] {
        writeln!(io::stdout(), "{}", Compiler::find()?.version())?;
        return Ok(());
    }
    let [output, work, folders @ ..] = arguments else {
        bail!("usage: omnichat-plugin-build --compiler, or omnichat-plugin-build OUTPUT WORK FOLDER…");
    };
    let (output, work) = (Path::new(output), Path::new(work));
    fs::create_dir_all(output).with_context(|| output.display().to_string())?;
    let options = Options {
        work: Some(work.to_owned()),
    };
    // One at a time: features of one plugin's libraries must not depend on which others are built.
    for folder in folders {
        let built =
            build(Path::new(folder), &options).with_context(|| format!("{folder} cannot be built"))?;
        let file = output.join(format!("{}.wasm", built.id));
        fs::write(&file, built.wasm).with_context(|| file.display().to_string())?;
        writeln!(io::stdout(), "{} with {}", file.display(), built.by)?;
    }
    Ok(())
}
