//! Where the page is made: the server functions themselves, and values that never leave the program.

use super::given::Given;
use leptos::prelude::expect_context;

pub use crate::server_fns::{await_order, place_order};

/// What the page has handed over.
#[must_use]
pub fn given<T: Given>() -> T {
    expect_context()
}
