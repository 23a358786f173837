//! A document of an embedder's own, which is no entity.

use omnichat_core::change::Changes;
use omnichat_core::clock::Clock as _;
use omnichat_core::entities::{Document, Documents, EntityRow, Entries, Stored};
use omnichat_core::error::ErrorKind;
use omnichat_core::{Engine, id_type};
use serde::{Deserialize, Serialize};

use crate::desk::Desk;

id_type!(
    /// A receipt's id.
    ReceiptId, "receipt"
);

/// What a till has printed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Receipt {
    number: i64,
}

impl Document for Receipt {
    type Id = ReceiptId;
    const KIND: &'static str = "receipt";
    const LAYOUT: u32 = 2;
    const BODY_MAX: usize = 20;

    fn index(&self, entries: &mut Entries) {
        let created_at = entries.created_at();
        entries.list("all", &[created_at.into()]);
        entries.unique("number", &[self.number.into()]);
    }
}

fn engine(desk: &Desk) -> Engine {
    Engine::builder(desk.engine.ports().store.clone())
        .clock(desk.clock.clone())
        .document::<Receipt>()
        .build()
}

#[tokio::test]
async fn a_document_is_kept_found_and_removed_by_whoever_has_it() {
    let desk = Desk::new().await;
    let ports = desk.engine.ports();
    let keep = async |receipt: &Stored<Receipt>| {
        let mut changes = Changes::by(&desk.actor);
        changes.keep(receipt)?;
        ports.commit(changes).await.map(|_| ())
    };
    let one = Stored::new(&*desk.clock, Receipt { number: 1 });
    keep(&one).await.unwrap();
    let same = Stored::new(&*desk.clock, Receipt { number: 1 });
    let error = keep(&same).await.unwrap_err();
    assert_eq!(error.context_value("unique"), Some("receipt.number"));
    let two = one.next(Receipt { number: 2 }, desk.clock.now());
    keep(&two).await.unwrap();
    assert_eq!(keep(&two).await.unwrap_err().kind(), ErrorKind::Conflict);
    keep(&same).await.unwrap();

    let store = ports.tenant(desk.actor.tenant);
    let receipts = Documents::<Receipt>::of(&*store);
    assert_eq!(receipts.find(two.id).await.unwrap().as_ref(), Some(&two));
    let first = receipts.find_unique("number", &[1.into()]).await.unwrap();
    assert_eq!(first.as_ref(), Some(&same));
    assert_eq!(receipts.all("all").await.unwrap().items.len(), 2);

    // A change that came in between is noticed.
    let row = one.row(desk.actor.tenant).unwrap();
    let mut changes = Changes::by(&desk.actor);
    changes.discard(row);
    let late = ports.commit(changes).await.unwrap_err();
    assert_eq!(late.kind(), ErrorKind::Conflict);
    let mut changes = Changes::by(&desk.actor);
    changes.discard(two.row(desk.actor.tenant).unwrap());
    ports.commit(changes).await.unwrap();
    assert_eq!(receipts.find(two.id).await.unwrap(), None);

    let long = Stored::new(&*desk.clock, Receipt { number: i64::MAX });
    let error = long.row(desk.actor.tenant).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
}

#[tokio::test]
async fn documents_of_an_earlier_layout_are_placed_anew() {
    let desk = Desk::new().await;
    let tenant = desk.actor.tenant;
    let receipt = Stored::new(&*desk.clock, Receipt { number: 7 });
    let mut changes = Changes::by(&desk.actor);
    changes.put(EntityRow {
        entries: Default::default(),
        layout: 1,
        ..receipt.row(tenant).unwrap()
    });
    desk.engine.ports().commit(changes).await.unwrap();
    let engine = engine(&desk);
    let store = engine.ports().tenant(tenant);
    let receipts = Documents::<Receipt>::of(&*store);
    assert_eq!(receipts.all("all").await.unwrap().items, []);
    engine.fill_indexes().await.unwrap();
    let placed = Stored {
        version: 2,
        ..receipt
    };
    assert_eq!(receipts.all("all").await.unwrap().items, [placed]);
    let found = receipts.find_unique("number", &[7.into()]).await.unwrap();
    assert_eq!(found.unwrap().version, 2);
}
