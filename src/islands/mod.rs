//! The interactive parts of otherwise static pages.

pub mod checkout;
mod count;
pub mod order_status;
mod payment_widget;
mod sheet;

/// The recipe for Leptos in the cookbook of toss-widget, compiled with the Leptos of this shop.
#[cfg(doctest)]
#[doc = include_str!("../../crates/toss-widget/cookbook/leptos.md")]
mod leptos_recipe {}
