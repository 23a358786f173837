//! The runtime from the outside, with guests that are good, faulty and hostile.

#![allow(missing_docs, reason = "a test binary")]

mod accounts;
mod artefacts;
mod faults;
mod house;
mod kinds;
mod real;
mod versions;
