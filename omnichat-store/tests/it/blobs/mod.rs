//! The blob stores against their suite, and what is particular to each.

mod local;
mod s3;
