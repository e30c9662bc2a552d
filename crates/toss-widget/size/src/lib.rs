//! What the pages of the comparison share: nothing that the smallest of them does not use.

/// Where the pages write, so that nothing is optimised away.
pub fn show(text: &str) {
    if let Some(document) = web_sys::window().and_then(|window| window.document()) {
        document.set_title(text);
    }
}

/// Where the pages read what is not known before.
#[must_use]
pub fn read() -> String {
    web_sys::window().and_then(|window| window.document()).map(|document| document.title()).unwrap_or_default()
}
