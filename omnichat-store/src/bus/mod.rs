//! Event buses between nodes.

pub mod postgres;

mod wire;
