//! One use case per file, each a list of numbered steps.

pub mod confirm;
pub mod place_order;
