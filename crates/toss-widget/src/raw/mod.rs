//! The way into JavaScript: an object of a script's, whose members are looked up when they are called and whose every call
//! catches. A script without one of them is an error and not a crash.
//!
//! Two faces with the same signatures: [`Value`] in a browser, and its inert twin, of which there is none anywhere else.
//! Everything above this module is written once.

#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
mod browser;
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
mod inert;
mod part;
mod task;

#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
pub(crate) use browser::*;
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
pub(crate) use inert::*;
pub(crate) use part::Part;
pub(crate) use task::{Latch, Task, within};

use std::marker::PhantomData;
use toss_types::Won;

/// Marks what belongs to one thread, on every target alike: whether a value of JavaScript's may be sent is another matter in
/// every version of wasm-bindgen, and a page has to compile for the server and for the browser.
pub(crate) type Here = PhantomData<*const ()>;

/// An argument of a call.
#[cfg_attr(not(all(target_arch = "wasm32", target_os = "unknown")), expect(dead_code, reason = "the inert twin reads nothing"))]
pub(crate) enum Arg<'a> {
    /// `undefined`.
    Nothing,
    /// A string.
    Text(&'a str),
    /// A number.
    Won(Won),
    /// What this text is the JSON of.
    Json(String),
}

impl<'a> Arg<'a> {
    /// A string, or `undefined`.
    pub(crate) fn some_json(json: crate::json::Json) -> Arg<'a> {
        if json.is_empty() { Arg::Nothing } else { Arg::Json(json.finish()) }
    }
}
