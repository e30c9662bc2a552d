//! The bindings in a real browser, against a fake script that is mostly hostile.
#![cfg(all(target_arch = "wasm32", target_os = "unknown"))]

mod checkout;
mod codes;
mod fake;
mod forget;
mod hostile;
mod hostile_v2;
mod loader;
mod page;
mod sandbox;
mod v2;
mod widget;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
