//! The stores against the suites that specify them, and what is particular to each.

mod blobs;
mod damaged;
mod dying;
mod postgres;
mod sqlite;
