//! The browser's end of the wire: what the server hands to the islands, and the server functions that they call.
//!
//! The program that a shopper downloads holds neither serde_json nor the client of `server_fn`: the browser itself reads and
//! writes JSON, and `codec` says which field is which. Endpoints and JSON are those of the server functions and of serde; the
//! tests of this module hold the two against each other. Every other build calls the server functions as they are.

pub mod codec;
mod given;
pub mod json;

#[cfg(feature = "hydrate")]
#[path = "browser.rs"]
mod end;

#[cfg(not(feature = "hydrate"))]
#[path = "native.rs"]
mod end;

#[cfg(test)]
mod tests;

pub use end::{await_order, given, place_order};
pub use given::{Given, hand_over};
