//! Files that were changed, lost or left behind.

use std::fs;

use omnichat_core::error::ErrorKind;

use crate::pigeon::{ID, Version, library};

#[test]
fn a_file_that_was_changed_or_lost_is_not_loaded() {
    let (folder, library) = library();
    let installed = Version::new("1.0.0").install(&library).unwrap();
    let file = format!("plugins/files/{}.wasm", installed.release.digest);
    let path = folder.path().join(file);
    let refused = |words| {
        let error = library.component(&installed.release).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{error:?}");
        assert!(error.message().contains(words), "{error}");
    };
    fs::write(&path, b"2.0.0").unwrap();
    refused("was changed since it was installed: install it again");
    // To install it again mends it, as the sentence says.
    Version::new("1.0.0").install(&library).unwrap();
    assert_eq!(library.component(&installed.release).unwrap(), b"1.0.0");
    fs::remove_file(&path).unwrap();
    refused("is gone: install it again");
    Version::new("1.0.0").install(&library).unwrap();
    assert_eq!(library.component(&installed.release).unwrap(), b"1.0.0");
}

#[test]
fn drafts_of_whoever_was_stopped_are_swept_away() {
    let (folder, library) = library();
    Version::new("1.0.0").install(&library).unwrap();
    let plugins = folder.path().join("plugins");
    let drafts = [
        plugins.join("plugins.0190.new"),
        plugins.join("files/abc.0190.new"),
    ];
    for draft in &drafts {
        fs::write(draft, "{ \"format\": 2, \"plug").unwrap();
    }
    assert_eq!(library.read().unwrap().plugins.len(), 1, "a draft is not read");
    library.set_enabled(ID, false).unwrap();
    assert!(drafts.iter().all(|draft| !draft.exists()));
}

#[test]
fn a_damaged_list_is_refused_and_left_alone() {
    let (folder, library) = library();
    fs::create_dir(folder.path().join("plugins")).unwrap();
    let path = folder.path().join("plugins/plugins.lock");
    for (text, words) in [
        ("{", "bring it back from a copy"),
        ("{\"format\":9,\"plugins\":{}}", "a later version of OmniChat"),
        ("{\"format\":2,\"plugins\":{\"pigeon\":{}}}", "is damaged"),
        ("{\"format\":1,\"plugins\":{\"pigeon\":{}}}", "is damaged"),
    ] {
        fs::write(&path, text).unwrap();
        let error = library.read().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert!(error.message().contains(words), "{error}");
        assert!(Version::new("1.0.0").install(&library).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn the_stamp_is_that_of_the_content() {
    let (folder, library) = library();
    assert_eq!(library.stamp().unwrap(), None);
    Version::new("1.0.0").install(&library).unwrap();
    let stamp = library.stamp().unwrap();
    // As long, and at the same time: only what is in it is different.
    let path = folder.path().join("plugins/plugins.lock");
    let modified = fs::metadata(&path).unwrap().modified().unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let other = text.replace("Pigeon post", "Pigeon mail");
    assert_eq!(text.len(), other.len());
    fs::write(&path, &other).unwrap();
    fs::File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_modified(modified)
        .unwrap();
    assert_ne!(library.stamp().unwrap(), stamp);
    fs::write(&path, &text).unwrap();
    assert_eq!(library.stamp().unwrap(), stamp);
}
