//! One use case per file, each a list of numbered steps.

pub mod account;
pub mod confirm;
pub(crate) mod outcome;
pub mod place;
