#![doc = include_str!("../README.md")]

pub mod knowledge;
pub mod provider;
pub mod tasks;
mod words;
