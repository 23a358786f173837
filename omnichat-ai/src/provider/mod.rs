//! Providers: what answers. One file for each protocol.

mod built_in;

pub use built_in::BuiltIn;
