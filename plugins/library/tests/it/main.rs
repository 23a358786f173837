//! The library of plugins, as a host and the command line use it.

mod files;
mod format;
mod grants;
mod pigeon;
mod together;
mod trust;
mod versions;
