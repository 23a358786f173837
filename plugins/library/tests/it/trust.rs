//! Who signs a plugin.

use omnichat_plugin_library::{Install, SigningKey};

use crate::pigeon::{ID, Version, entry, library, manifest, now};

#[test]
fn who_signed_first_signs_the_rest() {
    let (_folder, library) = library();
    let (author, other) = (SigningKey::generate(), SigningKey::generate());
    let signed = |number, key| Version {
        key,
        ..Version::new(number)
    };
    signed("1.0.0", Some(&author)).install(&library).unwrap();
    for key in [None, Some(&other)] {
        let error = signed("1.1.0", key).install(&library).unwrap_err();
        assert_eq!(error.fields()[0].code, "publisher", "{error}");
    }
    signed("1.1.0", Some(&author)).install(&library).unwrap();
    assert_eq!(entry(&library).publisher, Some(author.publisher()));
    let forged = Install {
        wasm: b"other",
        manifest: manifest(ID, "1.2.0", &[]),
        signature: Some(author.sign(b"another")),
        approve: true,
        replace: false,
        older: false,
    };
    assert_eq!(
        library.install(forged, now()).unwrap_err().fields()[0].code,
        "mismatch"
    );
    assert_eq!(
        entry(&library).releases.len(),
        2,
        "what was refused leaves nothing behind"
    );
}

#[test]
fn an_unsigned_plugin_is_signed_from_some_version_on() {
    let (_folder, library) = library();
    Version::new("1.0.0").install(&library).unwrap();
    assert_eq!(entry(&library).publisher, None);
    let author = SigningKey::generate();
    let signed = Version {
        key: Some(&author),
        ..Version::new("1.1.0")
    };
    signed.install(&library).unwrap();
    assert_eq!(entry(&library).publisher, Some(author.publisher()));
    assert!(Version::new("1.2.0").install(&library).is_err());
}
