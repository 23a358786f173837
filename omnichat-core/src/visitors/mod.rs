//! Visitors: the people at the other end of a site's chat, as those who ask.
//!
//! An operator asks as an [`Actor`](crate::actor::Actor), by rights. A visitor has none: there is one chat on one inbox that is
//! theirs, perhaps before anything was said there, and so before there is a customer. A [`Visitor`] is therefore a kind of asker of its
//! own, which every method of [`VisitorService`] takes first. A customer who writes from elsewhere too (by e-mail, on another
//! device) is not shown that here: whoever holds the browser need not be the one who reads the letters.
//!
//! What they are shown is decided here and nowhere else: [`Visitor::may_see`] says which messages, [`ShownMessage`] what of
//! them, [`Told`] whom an event concerns. A host draws what it is given.

mod catching_up;
mod history;
mod model;
mod sending;
mod service;
mod shown;
mod told;

pub use catching_up::{Meanwhile, Missed, MissedMessage};
pub use history::{Opening, ShownPage};
pub use model::Visitor;
pub use service::VisitorService;
pub use shown::{ShownConversation, ShownMessage, ShownOperator, ShownQuote, ShownStatus, Side};
pub use told::{Told, Writing};
