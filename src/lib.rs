//! A checkout for Toss Payments, in Rust from the browser to the database. `ARCHITECTURE.md` is the map.

// Views are types, and the order sheet is a large one.
#![recursion_limit = "256"]

pub mod app;
pub mod components;
pub mod domain;
pub mod islands;
pub mod pages;
#[cfg(feature = "ssr")]
pub mod server;
#[cfg(not(feature = "hydrate"))]
pub mod server_fns;
pub mod view;
pub mod wire;

/// Makes the islands of a page that the server has rendered interactive.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}

/// Draws the whole user interface in the browser.
#[cfg(feature = "csr")]
#[wasm_bindgen::prelude::wasm_bindgen(start)]
pub fn start() {
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(app::App);
}
