//! Gets a Toss script into the page, once. Behaviour of Toss's own npm loaders (contract: npm
//! `@tosspayments/payment-widget-sdk` and `@tosspayments/tosspayments-sdk`), except that a script tag which the HTML brought
//! along is waited for instead of being fetched a second time, and that waiting ends. What it does in which case is said at [`LoadOptions`].

use crate::setters::setters;

#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
mod browser;

#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
pub(crate) use browser::global_function;

/// There is no page to load anything into.
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
pub(crate) async fn global_function(
    _options: &LoadOptions,
    _default_src: &str,
    _global: &'static str,
) -> Result<crate::raw::Value, crate::error::WidgetError> {
    crate::raw::nothing().await;
    Err(crate::error::WidgetError::not_in_browser())
}

/// How to load a script of Toss's. The default is right for production.
///
/// * A function of the script's that is already there is used at once.
/// * A tag in the HTML that is still loading is waited for. One that has finished without its function has failed, which is
///   certain once the document is complete; a fresh one replaces it.
/// * Concurrent callers share one load, under the first caller's options.
/// * A failed load is forgotten and its tag removed, so that the next call starts afresh.
///
/// ```
/// use toss_widget::{FetchPriority, LoadOptions};
///
/// let options = LoadOptions::new().nonce("r4nd0m").fetch_priority(FetchPriority::High);
/// assert_eq!(options.timeout_ms, 10_000);
/// // A sandbox in place of Toss:
/// let options = LoadOptions::new().src("http://127.0.0.1:3100/v2/standard");
/// # assert!(options.src.is_some());
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub struct LoadOptions {
    /// Another address than the SDK's own ([`Sdk::default_src`](crate::Sdk::default_src)), for instance a sandbox's. May be
    /// relative to the page.
    pub src: Option<String>,
    /// How long to wait for the script, in ms; 10,000 by default. Where a load is shared, the first caller's counts.
    pub timeout_ms: u32,
    /// The nonce of the page's content security policy, for the script tag.
    pub nonce: Option<String>,
    /// The `fetchpriority` of the script tag.
    pub fetch_priority: FetchPriority,
}

impl LoadOptions {
    /// The default.
    #[must_use]
    pub fn new() -> LoadOptions {
        LoadOptions::default()
    }
}

impl Default for LoadOptions {
    fn default() -> LoadOptions {
        LoadOptions { src: None, timeout_ms: 10_000, nonce: None, fetch_priority: FetchPriority::Auto }
    }
}

setters! {
    LoadOptions {
        text src,
        set timeout_ms: u32,
        text nonce,
        set fetch_priority: FetchPriority,
    }
}

/// The `fetchpriority` attribute of a script.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[non_exhaustive]
pub enum FetchPriority {
    /// The browser decides.
    #[default]
    Auto,
    /// Before other scripts.
    High,
    /// After other scripts.
    Low,
}

/// Forgets everything: removes every script tag that was tried and the default ones, and the globals that they defined.
/// A load that is under way ends with `Cleared`. Does nothing outside a browser.
///
/// Like `clearPaymentWidget()` and `clearTossPayments()` of Toss's npm loaders, in one.
///
/// ```
/// // Between two tests of a page, or before it changes from one SDK to the other:
/// toss_widget::clear();
/// ```
pub fn clear() {
    #[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
    browser::clear(&[(crate::v1::DEFAULT_SRC, crate::v1::GLOBAL), (crate::v2::DEFAULT_SRC, crate::v2::GLOBAL)]);
}
