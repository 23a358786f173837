//! A message as a channel is given it.

use std::sync::Arc;

use async_trait::async_trait;

use crate::channel::{FileSource, Outbound, OutboundFile};
use crate::error::{Error, ErrorKind, Result};
use crate::id::TenantId;
use crate::messages::{AttachmentState, Message};
use crate::ports::Ports;
use crate::store::blob::{BlobStore, ByteStream};

/// What the channel had kept with the chat.
pub(super) async fn route(
    ports: &Ports,
    message: &Message,
) -> Result<std::collections::BTreeMap<String, String>> {
    let chat = ports
        .tenant(message.tenant)
        .find_chat(message.inbox, &message.chat)
        .await?;
    Ok(chat.map(|chat| chat.route).unwrap_or_default())
}

pub(super) async fn render(ports: &Arc<Ports>, message: &Message) -> Result<Outbound> {
    let mut files = Vec::new();
    for attachment in &message.content.attachments {
        let AttachmentState::Ready { file } = &attachment.state else {
            continue;
        };
        let Some(file) = ports.tenant(message.tenant).find_file(*file).await? else {
            let gone = Error::new(
                ErrorKind::NotFound,
                "a file of this message is not there any more",
            );
            return Err(gone.with("message", message.id));
        };
        let link = ports.links.as_ref().map(|links| links.link(&file, ports.now()));
        files.push(OutboundFile {
            kind: attachment.kind,
            name: file.name,
            content_type: file.content_type,
            size: file.size,
            digest: file.blob.clone(),
            source: Arc::new(Blob {
                blobs: ports.blobs.clone(),
                tenant: message.tenant,
                digest: file.blob,
                link,
            }),
        });
    }
    Ok(Outbound {
        id: message.id,
        chat: message.chat.clone(),
        route: route(ports, message).await?,
        author_name: message.author.name().to_owned(),
        text: message.content.text.clone(),
        spans: message.content.spans.clone(),
        files,
        buttons: message.content.buttons.clone(),
        part: message.content.part.clone(),
        reply_to: message.reply_to.as_ref().and_then(|r| r.external_id.clone()),
    })
}

struct Blob {
    blobs: Arc<dyn BlobStore>,
    tenant: TenantId,
    digest: String,
    link: Option<String>,
}

#[async_trait]
impl FileSource for Blob {
    async fn open(&self) -> Result<ByteStream> {
        self.blobs.get(self.tenant, &self.digest, None).await
    }

    fn public_url(&self) -> Option<String> {
        self.link.clone()
    }
}
