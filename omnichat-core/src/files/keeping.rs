//! How a file comes to be kept: first the row that refers to the bytes, then the bytes under their name.

use std::time::Duration;

use super::model::{Condemned, File};
use crate::change::{Changes, Removal, Row};
use crate::error::{Error, ErrorKind, Result};
use crate::event::Origin;
use crate::ports::Ports;
use crate::records::{Record, RecordType};
use crate::store::blob::Incoming;

/// How long is waited for a removal of the same bytes that is under way.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often is looked whether it is over.
const LOOK: Duration = Duration::from_millis(50);

/// Stores a new file and its bytes. If this is broken off, the row is collected some time later like that of any file that was
/// not sent.
pub(crate) async fn keep(ports: &Ports, file: &File, incoming: Box<dyn Incoming>) -> Result<()> {
    keep_if(ports, file, incoming, std::future::ready(Ok(()))).await
}

/// As [`keep`], if the row may stay: asked once it is there, so that of many that come at once each sees the others.
pub(super) async fn keep_if(
    ports: &Ports,
    file: &File,
    incoming: Box<dyn Incoming>,
    may_stay: impl Future<Output = Result<()>> + Send,
) -> Result<()> {
    let mut changes = Changes::new(file.tenant, Origin::system("files"));
    changes.put(Row::File(file.clone()));
    ports.commit(changes).await?;
    let kept = async {
        may_stay.await?;
        wait_for_removal(ports, file).await?;
        incoming.keep().await
    };
    let kept = kept.await;
    if kept.is_err()
        && let Err(error) = forget(ports, file).await
    {
        tracing::warn!(file = %file.id, %error, "a file without its bytes is collected later");
    }
    kept
}

/// Removes the row of a file that nobody has sent. `Conflict` if somebody just did.
pub(super) async fn forget(ports: &Ports, file: &File) -> Result<()> {
    let mut changes = Changes::new(file.tenant, Origin::system("files"));
    // The next version is refused if the file was bound to a conversation meanwhile.
    changes
        .put(Row::File(File {
            version: file.version + 1,
            ..file.clone()
        }))
        .remove(Removal::File(file.id));
    ports.commit(changes).await.map(|_| ())
}

/// Whether a mark still holds, by the store's time: hosts whose clocks differ agree.
pub(super) async fn lasts(ports: &Ports, mark: &Record) -> Result<bool> {
    let now = ports.store.now().await?;
    Ok(mark.expires_at.is_none_or(|at| at > now))
}

/// Waits until nobody is about to remove the file's bytes. Whoever marks them from now on finds the file's row.
async fn wait_for_removal(ports: &Ports, file: &File) -> Result<()> {
    let store = ports.tenant(file.tenant);
    let over = async {
        loop {
            let mark = store.find_record(Condemned::KIND, &file.blob).await?;
            let Some(mark) = mark else { return Ok(()) };
            if !lasts(ports, &mark).await? {
                return Ok(());
            }
            tokio::time::sleep(LOOK).await;
        }
    };
    tokio::time::timeout(PATIENCE, over).await.unwrap_or_else(|_| {
        Err(Error::new(
            ErrorKind::Unavailable,
            "the same file is being removed at this moment; upload it again",
        ))
    })
}
