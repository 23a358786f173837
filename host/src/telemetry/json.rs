//! The log as one JSON object in a line, its values bounded.

use std::fmt::{self, Debug};

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

use super::fields::bounded;

/// One object for each event: when, how grave, where, its fields, and those of the spans around it.
pub(super) struct Lines;

impl<S, N> FormatEvent<S, N> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let metadata = event.metadata();
        let mut line = Map::new();
        line.insert("timestamp".to_owned(), jiff::Timestamp::now().to_string().into());
        line.insert("level".to_owned(), metadata.level().as_str().into());
        line.insert("target".to_owned(), metadata.target().into());
        for span in context.event_scope().into_iter().flatten() {
            let extensions = span.extensions();
            let fields = extensions
                .get::<FormattedFields<N>>()
                .and_then(|fields| serde_json::from_str::<Map<String, Value>>(fields).ok());
            // The innermost span comes first, and says it best.
            for (name, value) in fields.into_iter().flatten() {
                line.entry(name).or_insert(value);
            }
        }
        event.record(&mut Fields(&mut line));
        writeln!(writer, "{}", Value::Object(line))
    }
}

/// Writes the fields of a span as an object.
pub(super) struct Object;

impl<'w> FormatFields<'w> for Object {
    fn format_fields<R: tracing_subscriber::field::RecordFields>(
        &self,
        mut writer: Writer<'w>,
        fields: R,
    ) -> fmt::Result {
        let mut object = Map::new();
        fields.record(&mut Fields(&mut object));
        write!(writer, "{}", Value::Object(object))
    }
}

/// What a line says of itself: no field takes its place.
const OWN: [&str; 3] = ["timestamp", "level", "target"];

/// Puts fields into an object.
struct Fields<'a>(&'a mut Map<String, Value>);

impl Fields<'_> {
    fn put(&mut self, field: &Field, value: impl Into<Value>) {
        let name = match field.name() {
            name if OWN.contains(&name) => format!("field.{name}"),
            name => name.to_owned(),
        };
        self.0.insert(name, value.into());
    }
}

impl Visit for Fields<'_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, bounded(&format_args!("{value}")));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.put(field, bounded(value));
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::layer::SubscriberExt;

    use super::*;
    use crate::security::{Kind, Security, Sighting};

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// The one line that is written.
    fn written(what: impl FnOnce()) -> Value {
        let written = Written::default();
        let to = written.clone();
        let layer = tracing_subscriber::fmt::layer()
            .event_format(Lines)
            .fmt_fields(Object)
            .with_writer(move || to.clone());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), what);
        let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        assert_eq!(text.lines().count(), 1);
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn what_looks_like_an_attack_is_told_by_its_target() {
        let from = "192.0.2.1".parse::<std::net::IpAddr>().unwrap();
        let mut sighting = Sighting::new(Kind::WebhookRefused, from.into());
        sighting.target = "an inbox".to_owned();
        let line = written(|| Security::default().tell(sighting));
        assert_eq!(
            (&line["target"], &line["event"], &line["about_id"]),
            (&"security".into(), &"webhook.refused".into(), &"an inbox".into())
        );
    }

    #[test]
    fn a_field_does_not_take_the_place_of_what_a_line_says_of_itself() {
        let line = written(|| {
            let _span = tracing::info_span!("span", level = "forged", timestamp = 7).entered();
            tracing::warn!(target: "here", { target = "forged", level = "too" }, "said");
        });
        assert_eq!(
            (&line["target"], &line["level"]),
            (&"here".into(), &"WARN".into())
        );
        assert_eq!(
            (
                &line["field.target"],
                &line["field.level"],
                &line["field.timestamp"]
            ),
            (&"forged".into(), &"too".into(), &7.into())
        );
        assert!(line["timestamp"].is_string());
    }

    #[test]
    fn an_event_is_one_object_with_the_fields_of_its_spans() {
        let line = written(|| {
            let _request = tracing::info_span!("request", request_id = %"abc").entered();
            let name = format!("x\n{}", "y".repeat(100_000));
            tracing::warn!(name, status = 404, "not\nfound");
        });
        assert_eq!(
            (&line["level"], &line["request_id"]),
            (&"WARN".into(), &"abc".into())
        );
        assert_eq!(
            (&line["status"], &line["message"]),
            (&404.into(), &"not\\nfound".into())
        );
        assert!(line["name"].as_str().unwrap().chars().count() <= 2_000);
    }
}
