#![doc = include_str!("../README.md")]

pub mod journal;
pub mod max;
pub mod media;
pub mod script;
pub mod viber;

mod clock;
mod deliver;
mod escape;
mod exchange;
mod loopback;
mod server;
mod start;

pub use max::Max;
pub use media::Media;
pub use script::Failure;
pub use start::Start;
pub use viber::Viber;
