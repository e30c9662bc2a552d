//! What a page hands to its islands.

use super::codec::Read;
use crate::view::checkout::CheckoutView;
use crate::view::watch::{CountdownView, WatchView};
use leptos::prelude::*;
use leptos::serde_json;
use serde::Serialize;

/// What an island starts with.
pub trait Given: Read + Clone + Send + Sync + Serialize + 'static {
    /// The element that holds it as JSON.
    const ID: &'static str;
}

impl Given for CheckoutView {
    const ID: &'static str = "checkout-data";
}

impl Given for WatchView {
    const ID: &'static str = "order-watch-data";
}

impl Given for CountdownView {
    const ID: &'static str = "countdown-data";
}

/// Hands it to the island that comes next: as a value where the page is made, and as an element of the page to the browser that
/// takes it over.
pub fn hand_over<T: Given>(value: T) -> impl IntoView {
    let json = script_json(&value);
    provide_context(value);
    view! { <script type="application/json" id=T::ID inner_html=json></script> }
}

/// JSON that cannot end the element that it stands in.
pub(super) fn script_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("invariant: what pages show is plain text and numbers").replace('<', "\\u003c")
}
