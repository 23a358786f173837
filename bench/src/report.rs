//! A table for people and a line of JSON for programs.

use serde_json::{Map, Value, json};

/// Name, value, what it must be, and whether it is.
type Row = (String, String, String, Option<bool>);

/// What a bench measured.
pub(crate) struct Report {
    bench: &'static str,
    rows: Vec<Row>,
    figures: Map<String, Value>,
}

impl Report {
    pub(crate) fn new(bench: &'static str) -> Self {
        Self {
            bench,
            rows: Vec::new(),
            figures: Map::new(),
        }
    }

    /// A figure that is only told.
    pub(crate) fn tell(&mut self, name: &str, value: f64, unit: &str) {
        self.rows.push((
            name.to_owned(),
            format!("{} {unit}", shown(value)),
            String::new(),
            None,
        ));
        self.figures.insert(name.to_owned(), json!(rounded(value)));
    }

    /// A figure that must be at most so much.
    pub(crate) fn at_most(&mut self, name: &str, value: f64, unit: &str, limit: f64) {
        self.must(
            name,
            value,
            unit,
            format!("at most {}", shown(limit)),
            value <= limit,
        );
    }

    /// A figure that must be at least so much.
    pub(crate) fn at_least(&mut self, name: &str, value: f64, unit: &str, limit: f64) {
        self.must(
            name,
            value,
            unit,
            format!("at least {}", shown(limit)),
            value >= limit,
        );
    }

    fn must(&mut self, name: &str, value: f64, unit: &str, rule: String, holds: bool) {
        self.rows.push((
            name.to_owned(),
            format!("{} {unit}", shown(value)),
            rule,
            Some(holds),
        ));
        self.figures.insert(name.to_owned(), json!(rounded(value)));
    }

    /// Prints table and JSON; whether everything that must show does.
    pub(crate) fn print(&self) -> bool {
        let pass = self.rows.iter().all(|(.., holds)| holds.unwrap_or(true));
        let width = |column: fn(&Row) -> &String| {
            self.rows
                .iter()
                .map(|row| column(row).chars().count())
                .max()
                .unwrap_or(0)
        };
        let (names, values) = (width(|r| &r.0), width(|r| &r.1));
        println!();
        for (name, value, rule, holds) in &self.rows {
            let mark = match holds {
                Some(true) => "ok",
                Some(false) => "MISSED",
                None => "",
            };
            println!("{name:<names$}  {value:>values$}  {rule:<18} {mark}");
        }
        println!(
            "\n{}",
            json!({ "bench": self.bench, "pass": pass, "figures": self.figures })
        );
        pass
    }
}

fn rounded(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

fn shown(value: f64) -> String {
    if value.abs() >= 100.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.2}")
    }
}

/// The value below which this part of the sorted samples lies.
pub(crate) fn percentile(samples: &mut [f64], part: f64) -> f64 {
    samples.sort_by(f64::total_cmp);
    let index = ((samples.len() as f64 * part).ceil() as usize).clamp(1, samples.len().max(1)) - 1;
    samples.get(index).copied().unwrap_or(f64::NAN)
}
