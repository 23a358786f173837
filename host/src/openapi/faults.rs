//! What a schema finds wrong, as fields for people and programs.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::paths::LocationSegment;
use omnichat_core::error::{Error, Result};
use serde_json::Value;

/// How many wrong fields are told at most.
const MOST: usize = 20;
/// The longest name, in bytes, that is compared with others.
const COMPARED: usize = 64;
/// How alike two names must be, 0 to 1, for one to be offered in place of the other.
const ALIKE: f64 = 0.75;

/// Wrong fields, each with a stable code and a sentence.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<(String, &'static str, String)>);

/// Where the paths of a schema lead.
#[derive(Clone, Copy, Debug)]
pub(super) struct Schemas<'a> {
    /// What references lead into.
    pub(super) root: &'a Value,
    /// The schema itself, if it stands by itself.
    pub(super) own: &'a Value,
}

impl Schemas<'_> {
    fn at(&self, path: &str) -> Option<&Value> {
        self.root.pointer(path).or_else(|| self.own.pointer(path))
    }
}

impl Faults {
    /// What a schema found. `whole` is the name of the value itself.
    pub(super) fn of<'a>(
        errors: impl IntoIterator<Item = ValidationError<'a>>,
        schemas: Schemas<'_>,
        whole: &str,
    ) -> Self {
        let mut faults = Self::default();
        for error in errors {
            if faults.are_enough() {
                break;
            }
            faults.take(&error, schemas, whole);
        }
        faults.0.sort_by(|a, b| a.0.cmp(&b.0));
        faults
    }

    /// Whether there are as many as are told.
    pub(super) fn are_enough(&self) -> bool {
        self.0.len() >= MOST
    }

    /// One sentence for a field is enough: a wrong type breaks every other rule too.
    pub(super) fn add(&mut self, field: &str, code: &'static str, message: String) {
        if !self.are_enough() && !self.0.iter().any(|(known, ..)| known == field) {
            self.0.push((field.to_owned(), code, message));
        }
    }

    /// Takes the first of others over, under this name.
    pub(super) fn join(&mut self, others: Self, field: &str) {
        if let Some((_, code, message)) = others.0.into_iter().next() {
            self.add(field, code, message);
        }
    }

    /// `Invalid` with every fault, if there is any.
    pub(super) fn into_result(self) -> Result<()> {
        let Some((field, _, message)) = self.0.first() else {
            return Ok(());
        };
        let error = Error::invalid(format!("{field}: {message}"));
        let faults = self.0.into_iter();
        Err(faults.fold(error, |error, (field, code, message)| {
            error.with_field(&field, code, message)
        }))
    }

    fn take(&mut self, error: &ValidationError<'_>, schemas: Schemas<'_>, whole: &str) {
        let field = field(error);
        let or_whole = || {
            if field.is_empty() {
                whole.to_owned()
            } else {
                field.clone()
            }
        };
        match error.kind() {
            Kind::AdditionalProperties { unexpected } => {
                let known = known(error, &schemas);
                for name in unexpected {
                    if self.are_enough() {
                        break;
                    }
                    self.add(&below(&field, name), "unexpected", nearest(name, &known, "field"));
                }
            }
            Kind::Required { property } => {
                let name = below(&field, property.as_str().unwrap_or_default());
                self.add(&name, "required", "this field is missing".to_owned());
            }
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
                // «This or null»: what counts is how it fails to be this.
                let here = error.instance_path().as_str();
                let other_type = |branch: &&Vec<ValidationError<'static>>| {
                    branch.first().is_some_and(|e| {
                        matches!(e.kind(), Kind::Type { .. }) && e.instance_path().as_str() == here
                    })
                };
                let branch = context
                    .iter()
                    .find(|branch| !other_type(branch))
                    .or(context.first());
                for error in branch.into_iter().flatten() {
                    self.take(error, schemas, whole);
                }
            }
            _ => {
                let (code, message) = said(error, schemas);
                self.add(&or_whole(), code, message);
            }
        }
    }
}

/// A name that nobody knows, with what may have been meant and what there is.
pub(super) fn nearest(name: &str, known: &[&str], what: &str) -> String {
    let compared = known.iter().filter(|_| name.len() <= COMPARED);
    let alike = compared.map(|known| (strsim::jaro_winkler(name, known), known));
    let best = alike
        .filter(|(score, _)| *score >= ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b));
    let meant = best.map_or_else(String::new, |(_, known)| format!("; did you mean `{known}`?"));
    let all = match known {
        [] => "; none is taken here".to_owned(),
        known => format!("; there are `{}`", known.join("`, `")),
    };
    match meant.is_empty() {
        true => format!("there is no such {what}{all}"),
        false => format!("there is no such {what}{meant} {}", all.trim_start_matches("; ")),
    }
}

/// Code and sentence for a value that breaks one rule.
fn said(error: &ValidationError<'_>, schemas: Schemas<'_>) -> (&'static str, String) {
    match error.kind() {
        Kind::Type { .. } => ("type", format!("{} is expected", expected(error, schemas))),
        Kind::Enum { options } => {
            let names = options.as_array().into_iter().flatten().filter_map(Value::as_str);
            let names: Vec<&str> = names.collect();
            ("unknown", format!("one of `{}`", names.join("`, `")))
        }
        Kind::Constant { expected_value } => ("unknown", format!("only {expected_value}")),
        Kind::MinLength { limit: 1 } => ("required", "at least one character".to_owned()),
        Kind::MinLength { limit } => ("too_short", format!("at least {limit} characters")),
        Kind::MaxLength { limit } => ("too_long", format!("at most {limit} characters")),
        Kind::MinItems { limit: 1 } => ("required", "at least one".to_owned()),
        Kind::MinItems { limit } => ("too_few", format!("at least {limit}")),
        Kind::MaxItems { limit } => ("too_many", format!("at most {limit}")),
        Kind::MaxProperties { limit } => ("too_many", format!("at most {limit} fields")),
        Kind::PropertyNames { error } => said(error, schemas),
        Kind::Minimum { limit } => ("range", format!("at least {limit}")),
        Kind::Maximum { limit } => ("range", format!("at most {limit}")),
        Kind::Pattern { pattern } if pattern == super::bounds::NOT_BLANK => {
            ("required", "more than spaces".to_owned())
        }
        Kind::Pattern { pattern } => ("format", format!("a text of the form {pattern}")),
        Kind::Format { format } if format == "date-time" => {
            ("format", "a time of the form 2026-01-31T12:00:00Z".to_owned())
        }
        _ => ("format", error.masked().to_string()),
    }
}

fn expected(error: &ValidationError<'_>, schemas: Schemas<'_>) -> String {
    let types = schemas.at(error.schema_path().as_str());
    let name = |name: &str| match name {
        "object" => "an object",
        "array" => "a list",
        "string" => "a text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "`true` or `false`",
        _ => "`null`",
    };
    match types {
        Some(Value::String(only)) => name(only).to_owned(),
        Some(Value::Array(several)) => {
            let several = several.iter().filter_map(Value::as_str).map(name);
            several.collect::<Vec<_>>().join(" or ")
        }
        _ => "another type".to_owned(),
    }
}

/// The names of the fields beside an unexpected one.
fn known<'a>(error: &ValidationError<'_>, schemas: &'a Schemas<'_>) -> Vec<&'a str> {
    let path = error.schema_path().as_str();
    let schema = path.rsplit_once('/').and_then(|(schema, _)| schemas.at(schema));
    let properties = schema.and_then(|schema| schema["properties"].as_object());
    properties
        .into_iter()
        .flatten()
        .map(|(name, _)| name.as_str())
        .collect()
}

fn below(field: &str, name: &str) -> String {
    match field {
        "" => name.to_owned(),
        field => format!("{field}.{name}"),
    }
}

/// The path of a field: `spans[0].start`; empty for the value itself.
fn field(error: &ValidationError<'_>) -> String {
    let mut path = String::new();
    for segment in error.instance_path() {
        match segment {
            LocationSegment::Property(name) => path = below(&path, &name),
            LocationSegment::Index(index) => path.push_str(&format!("[{index}]")),
        }
    }
    path
}
