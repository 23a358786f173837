//! A list of steps that all run, also after one has failed, with a summary at the end.

use std::io::{IsTerminal, stdout};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

struct Done {
    name: String,
    took: Duration,
    error: Option<String>,
}

/// Runs steps, remembers how each ended and how long it took.
#[derive(Default)]
pub(crate) struct Steps {
    done: Vec<Done>,
}

impl Steps {
    /// Runs one step; says whether it succeeded, so that what builds on it can be left out.
    pub(crate) fn run(&mut self, name: &str, step: impl FnOnce() -> Result<()>) -> bool {
        self.make(name, step).is_some()
    }

    /// Runs one step that makes something later steps need; nothing where it failed.
    pub(crate) fn make<T>(&mut self, name: &str, step: impl FnOnce() -> Result<T>) -> Option<T> {
        let (result, done) = timed(name, step);
        self.done.push(done);
        result.ok()
    }

    /// Runs steps side by side, where each alone would leave a processor idle. What they print is mixed.
    pub(crate) fn run_together<S>(&mut self, steps: Vec<(&str, S)>)
    where
        S: FnOnce() -> Result<()> + Send,
    {
        std::thread::scope(|scope| {
            let start = |(name, step)| scope.spawn(move || timed(name, step).1);
            let running: Vec<_> = steps.into_iter().map(start).collect();
            for step in running {
                let done = step.join();
                self.done
                    .push(done.unwrap_or_else(|reason| std::panic::resume_unwind(reason)));
            }
        });
    }

    /// Prints the summary; an error if any step failed.
    pub(crate) fn finish(self) -> Result<()> {
        println!("\n{}", emphasised("== summary"));
        print!("{}", self.summary());
        let failed = self.done.iter().filter(|step| step.error.is_some()).count();
        if failed > 0 {
            bail!("{failed} of {} steps failed", self.done.len());
        }
        Ok(())
    }

    fn summary(&self) -> String {
        let mut text = String::new();
        for step in &self.done {
            let state = if step.error.is_some() { "FAILED" } else { "ok" };
            text += &format!("{state:<6} {:>7.1} s  {}", step.took.as_secs_f64(), step.name);
            if let Some(line) = step.error.as_deref().and_then(|error| error.lines().next()) {
                text += &format!(": {line}");
            }
            text += "\n";
        }
        text
    }
}

fn timed<T>(name: &str, step: impl FnOnce() -> Result<T>) -> (Result<T>, Done) {
    println!("\n{}", emphasised(&format!("== {name}")));
    let started = Instant::now();
    let result = step();
    let error = result.as_ref().err().map(|error| format!("{error:#}"));
    if let Some(error) = &error {
        println!("FAILED: {error}");
    }
    let done = Done {
        name: name.to_owned(),
        took: started.elapsed(),
        error,
    };
    (result, done)
}

fn emphasised(text: &str) -> String {
    if stdout().is_terminal() {
        format!("\x1b[1m{text}\x1b[0m")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_runs_and_one_failure_fails_the_whole() {
        let mut steps = Steps::default();
        assert!(!steps.run("first", || bail!("broken\nin detail")));
        assert_eq!(steps.make("second", || Ok(7)), Some(7));
        let summary = steps.summary();
        assert!(
            summary.contains("FAILED") && summary.contains("first: broken\n"),
            "{summary}"
        );
        assert!(!summary.contains("in detail"), "one line a step: {summary}");
        assert_eq!(
            steps.finish().expect_err("a step failed").to_string(),
            "1 of 2 steps failed"
        );
    }

    #[test]
    fn steps_side_by_side_are_told_in_their_order() {
        let mut steps = Steps::default();
        let (done, awaited) = std::sync::mpsc::channel();
        let first: Box<dyn FnOnce() -> Result<()> + Send> = Box::new(move || {
            awaited.recv()?;
            bail!("broken")
        });
        steps.run_together(vec![
            ("first", first),
            ("second", Box::new(move || Ok(done.send(())?))),
        ]);
        let summary = steps.summary();
        let at = |text: &str| summary.find(text).expect("it is told");
        assert!(at("first: broken") < at("second"), "{summary}");
        assert!(steps.finish().is_err());
    }

    #[test]
    fn all_steps_well_is_well() {
        let mut steps = Steps::default();
        assert!(steps.run("only", || Ok(())));
        assert!(steps.finish().is_ok());
    }
}
