//! Text of any kind comes back as it went in, in every field of every row.

use super::fixture::StoreFixture;
use super::kinds::{found, one_of_each};
use super::scene::Scene;
use crate::change::Row;
use crate::error::ErrorKind;
use crate::tenants::Tenant;
use crate::testing::Builder;

/// Every field of every kind of row is kept.
pub async fn every_field_is_kept(fixture: StoreFixture) {
    comes_back(&fixture, "text").await;
}

/// Empty texts are texts.
pub async fn empty_text_is_kept(fixture: StoreFixture) {
    comes_back(&fixture, "").await;
}

/// Scripts, emoji of several code points, directions, and letters that fold or combine.
pub async fn any_script_is_kept(fixture: StoreFixture) {
    for text in [
        "Ёжик, щука",
        "👩‍👩‍👧‍👦🏳️‍🌈🫠",
        "مرحبا \u{202e}abc\u{202c}",
        "e\u{301} ≠ \u{e9}",
        "ß İ ı ſ ﬀ",
        "漢字かな交じり文",
    ] {
        comes_back(&fixture, text).await;
    }
}

/// What means something to SQL, JSON, HTML, shells and terminals.
pub async fn special_characters_are_kept(fixture: StoreFixture) {
    for text in [
        "'; DROP TABLE messages; --",
        "\"quoted\" \\back\\slash\\ \\u0041 \\x41",
        "%s %d ${x} {{x}} $1 ?1 :name @p",
        "<script>alert(1)</script>&amp;",
        "null",
        "line\nbreak\r\nand\ttab",
        "\u{1}\u{8}\u{b}\u{1b}[31m\u{7f}\u{85}\u{9f}",
        "\u{feff}bom \u{fffd} \u{ffff} \u{10ffff} \u{2028}\u{2029}",
        "  spaces around  ",
    ] {
        comes_back(&fixture, text).await;
    }
}

/// Long text.
pub async fn long_text_is_kept(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let conversation = scene.a_conversation().await;
    let message = scene.message(&conversation, &"ж🦊".repeat(170_000));
    scene.write([message.clone()]).await;
    assert_eq!(
        scene
            .reads
            .find_message(message.id)
            .await
            .expect("it can be read"),
        Some(message)
    );
}

/// U+0000 is either kept or refused, and then nothing is left of it.
pub async fn nul_is_kept_or_refused(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    for row in one_of_each(&scene, "a\0b") {
        match scene.try_write([row.clone()]).await {
            Ok(_) => assert_eq!(found(&scene, &row).await, Some(row)),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Invalid, "{error:?}");
                // What cannot be kept cannot be looked for by some stores, so the lists are asked where there is one.
                if !matches!(row, Row::Chat(_) | Row::Record(_)) {
                    assert_eq!(found(&scene, &row).await, None);
                }
            }
        }
    }
    let answer = scene.try_jobs([scene.job("a\0b").unique("a\0b")]).await;
    match answer {
        Ok(_) => assert_eq!(scene.claim(1).await[0].job.lane, "a\0b"),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Invalid, "{error:?}");
            assert_eq!(scene.claim_ids(10).await, []);
        }
    }
    // The store is well afterwards.
    comes_back(&fixture, "text").await;
}

async fn comes_back(fixture: &StoreFixture, text: &str) {
    let make = Builder::new(fixture.clock.clone());
    let scene = Scene::of(&make, fixture.store.clone());
    let mut rows: Vec<Row> = vec![
        Tenant {
            name: text.to_owned(),
            ..make.tenant()
        }
        .into(),
    ];
    rows.extend(one_of_each(&make, text));
    scene.write(rows.clone()).await;
    for row in rows {
        assert_eq!(found(&scene, &row).await.as_ref(), Some(&row), "{text:?}");
    }
    let job = crate::job::Job {
        kind: text.to_owned(),
        ..scene.job(text).unique(text)
    };
    let job = crate::job::Job {
        payload: serde_json::json!({ text: text }),
        ..job
    };
    scene.queue([job.clone()]).await;
    let lease = scene.claim(1).await.remove(0);
    assert_eq!(lease.job, job);
    scene.finish(lease.key()).await;
    let told = scene.tell(text).await;
    assert_eq!(scene.events().await, [crate::event::Envelope::clone(&told)]);
}
