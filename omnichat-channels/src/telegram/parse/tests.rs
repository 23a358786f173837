use std::path::{Path, PathBuf};

use omnichat_core::channel::{Inbound, InboundEvent};
use omnichat_core::error::ErrorKind;
use proptest::prelude::*;

use super::Reader;

const READER: Reader = Reader {
    bot_id: 700_001,
    download_max: Some(20 * 1024 * 1024),
};

fn recordings() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/telegram/testdata");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

fn events(body: &[u8]) -> Vec<Inbound> {
    READER.update(body).unwrap().events
}

#[test]
fn every_recorded_update_is_understood() {
    let recordings = recordings();
    assert!(recordings.len() >= 50);
    for path in recordings {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let events = events(&std::fs::read(&path).unwrap());
        insta::assert_json_snapshot!(name, events);
    }
}

#[test]
fn a_server_of_ones_own_hands_out_large_files() {
    let body = include_bytes!("../testdata/document_too_large.json");
    let reader = Reader {
        download_max: None,
        ..READER
    };
    let events = reader.update(body).unwrap().events;
    let InboundEvent::Message(message) = &events[0].event else {
        panic!("no message")
    };
    assert_eq!(
        format!("{:?}", message.attachments[0].source),
        "Remote(\"BQAC-2\")"
    );
}

#[test]
fn what_is_no_update_is_malformed() {
    for body in [
        &b""[..],
        b"null",
        b"[]",
        b"{}",
        b"{\"update_id\":\"1\"}",
        b"{\"update_id\":1,\"message\":{}}",
        b"{\"update_id\":1,\"message\":{\"message_id\":1,\"date\":1,\"chat\":{\"id\":\"x\"}}}",
        b"\xff\xfe",
        b"{\"update_id\":1,\"message\":{\"message_id\":1,\"text\":\"\xff\",\"chat\":{\"id\":1}}}",
    ] {
        let error = READER.update(body).err().unwrap();
        assert_eq!(
            error.kind(),
            ErrorKind::Malformed,
            "{}",
            String::from_utf8_lossy(body)
        );
    }
}

#[test]
fn odd_dates_and_ids_do_no_harm() {
    let body = br#"{"update_id":1,"message":{"message_id":0,"date":9223372036854775807,"edit_date":-1,
        "chat":{"id":-9223372036854775808,"type":"private"},"text":"x",
        "entities":[{"type":"bold","offset":4294967295,"length":4294967295}]}}"#;
    assert_eq!(events(body).len(), 1);
}

proptest! {
    #[test]
    fn garbage_never_panics(body in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = READER.update(&body);
    }

    /// Recorded updates with stretches replaced: these get further than plain garbage.
    #[test]
    fn mangled_updates_never_panic(
        which in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        patch in proptest::collection::vec(any::<u8>(), 0..12),
    ) {
        let recordings = recordings();
        let mut body = std::fs::read(&recordings[which.index(recordings.len())]).unwrap();
        let start = at.index(body.len());
        let end = (start + patch.len()).min(body.len());
        body.splice(start..end, patch);
        let _ = READER.update(&body);
    }

    /// Values of any type where others are expected.
    #[test]
    fn members_of_the_wrong_type_never_panic(
        which in any::<prop::sample::Index>(),
        key in any::<prop::sample::Index>(),
        value in prop_oneof![Just("null"), Just("-1"), Just("1e400"), Just("\"\""), Just("[]"), Just("{}"), Just("true")],
    ) {
        let recordings = recordings();
        let text = std::fs::read_to_string(&recordings[which.index(recordings.len())]).unwrap();
        let colons: Vec<usize> = text.match_indices(": ").map(|(at, _)| at + 2).collect();
        let start = colons[key.index(colons.len())];
        let end = text[start..].find([',', '\n']).map_or(text.len(), |length| start + length);
        let body = format!("{}{value}{}", &text[..start], &text[end..]);
        let _ = READER.update(body.as_bytes());
    }
}
