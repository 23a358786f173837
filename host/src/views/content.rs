//! The pieces of a message, both ways.

use omnichat_core::error::{Error, Result};
use omnichat_core::messages as core;

use super::conversation::LastMessageKind;
use super::message::{
    AttachmentState, AttachmentView, AuthorView, ButtonKind, ButtonView, FactView, FailureView, LiveView,
    PartView, ReactionView, ReplyToView, RevisionView, SpanView,
};
use super::{Time, file_url};

impl From<&core::Author> for AuthorView {
    fn from(author: &core::Author) -> Self {
        let id = match author {
            core::Author::Customer { id, .. } => Some(id.to_string()),
            core::Author::Operator { id, .. } => Some(id.to_string()),
            core::Author::Service { id, .. } => Some(id.to_string()),
            core::Author::Bot { .. } | core::Author::System => None,
        };
        let contact_id = match author {
            core::Author::Customer { contact, .. } => contact.map(|id| id.to_string()),
            _ => None,
        };
        Self {
            kind: author.kind().into(),
            id,
            contact_id,
            name: author.name().to_owned(),
        }
    }
}

impl From<&core::Span> for SpanView {
    fn from(span: &core::Span) -> Self {
        Self {
            start: span.start,
            length: span.length,
            style: span.style.into(),
            url: span.url.clone(),
        }
    }
}

impl From<SpanView> for core::Span {
    fn from(span: SpanView) -> Self {
        Self {
            start: span.start,
            length: span.length,
            style: span.style.into(),
            url: span.url,
        }
    }
}

impl From<&core::Attachment> for AttachmentView {
    fn from(a: &core::Attachment) -> Self {
        let (state, file, error) = match &a.state {
            core::AttachmentState::Pending { .. } => (AttachmentState::Pending, None, None),
            core::AttachmentState::Ready { file } => (AttachmentState::Ready, Some(*file), None),
            core::AttachmentState::Failed { reason, .. } => {
                (AttachmentState::Failed, None, Some(reason.clone()))
            }
        };
        let can_fetch_again = matches!(&a.state, core::AttachmentState::Failed { remote: Some(_), .. });
        Self {
            id: a.id.to_string(),
            kind: a.kind.into(),
            name: a.name.clone(),
            content_type: a.content_type.clone(),
            size: a.size,
            width: a.width,
            height: a.height,
            duration_ms: a.duration_ms,
            state,
            error,
            can_fetch_again,
            file_id: file.map(|id| id.to_string()),
            url: file.map(file_url),
        }
    }
}

impl From<&core::Button> for ButtonView {
    fn from(button: &core::Button) -> Self {
        let (kind, data, url) = match &button.action {
            core::ButtonAction::Reply { data } => (ButtonKind::Reply, Some(data.clone()), None),
            core::ButtonAction::Url { url } => (ButtonKind::Url, None, Some(url.clone())),
            core::ButtonAction::Contact => (ButtonKind::Contact, None, None),
            core::ButtonAction::Location => (ButtonKind::Location, None, None),
        };
        Self {
            text: button.text.clone(),
            kind,
            data,
            url,
        }
    }
}

impl TryFrom<ButtonView> for core::Button {
    type Error = Error;

    fn try_from(button: ButtonView) -> Result<Self> {
        let missing = |what: &str| {
            Error::invalid_field(
                "buttons",
                "required",
                format!("a button of this kind needs «{what}»"),
            )
        };
        let action = match button.kind {
            ButtonKind::Reply => core::ButtonAction::Reply {
                data: button.data.ok_or_else(|| missing("data"))?,
            },
            ButtonKind::Url => core::ButtonAction::Url {
                url: button.url.ok_or_else(|| missing("url"))?,
            },
            ButtonKind::Contact => core::ButtonAction::Contact,
            ButtonKind::Location => core::ButtonAction::Location,
        };
        Ok(Self {
            text: button.text,
            action,
        })
    }
}

impl From<core::Part> for PartView {
    fn from(part: core::Part) -> Self {
        use core::Part as Core;
        match part {
            Core::Location {
                latitude,
                longitude,
                title,
                address,
                live,
            } => Self::Location {
                latitude,
                longitude,
                title,
                address,
                live: live.map(LiveView::from),
            },
            Core::Contact { name, phone } => Self::Contact { name, phone },
            Core::Sticker { emoji } => Self::Sticker { emoji },
            Core::ButtonPress { data, title } => Self::ButtonPress { data, title },
            Core::Notice { kind, title, facts } => Self::Notice {
                kind: kind.into(),
                title,
                facts: facts.into_iter().map(FactView::from).collect(),
            },
            Core::Unsupported { kind, summary } => Self::Unsupported { kind, summary },
            Core::System {
                entry,
                actor,
                target,
                comment,
            } => Self::System {
                entry: entry.into(),
                actor,
                target,
                comment,
            },
        }
    }
}

impl From<core::Live> for LiveView {
    fn from(live: core::Live) -> Self {
        Self {
            until: live.until.map(Time),
            heading: live.heading,
            ended: live.ended,
        }
    }
}

impl From<core::Fact> for FactView {
    fn from(fact: core::Fact) -> Self {
        Self {
            label: fact.label.into(),
            text: fact.text,
            currency: fact.currency,
            count: fact.count,
            url: fact.url,
            at: fact.at.map(Time),
        }
    }
}

impl From<&core::ReplyTo> for ReplyToView {
    fn from(reply: &core::ReplyTo) -> Self {
        Self {
            id: reply.message.map(|id| id.to_string()),
            author_name: reply.author_name.clone(),
            preview: reply.preview.clone(),
            kind: Some(&reply.kind)
                .filter(|kind| !kind.is_empty())
                .map(|kind| LastMessageKind::named(kind)),
        }
    }
}

impl From<&core::Failure> for FailureView {
    fn from(failure: &core::Failure) -> Self {
        Self {
            code: failure.code.clone(),
            message: failure.message.clone(),
            retryable: failure.retryable,
        }
    }
}

impl From<&core::Reaction> for ReactionView {
    fn from(reaction: &core::Reaction) -> Self {
        Self {
            emoji: reaction.emoji.clone(),
            by: reaction.by.into(),
            person: reaction.person.clone(),
            name: reaction.name.clone(),
            count: reaction.count,
        }
    }
}

impl From<&core::Revision> for RevisionView {
    fn from(revision: &core::Revision) -> Self {
        Self {
            at: revision.replaced_at.into(),
            text: revision.content.text.clone(),
            spans: revision.content.spans.iter().map(SpanView::from).collect(),
            by: (&revision.replaced_by).into(),
            deleted: revision.deleted,
        }
    }
}
