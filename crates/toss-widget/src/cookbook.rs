#![doc = include_str!("../COOKBOOK.md")]

// These two are not compiled here: bindings depend on no framework.

#[cfg(not(doctest))]
#[doc = include_str!("../cookbook/leptos.md")]
pub mod leptos {}

#[cfg(not(doctest))]
#[doc = include_str!("../cookbook/yew.md")]
pub mod yew {}
