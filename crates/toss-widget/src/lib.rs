#![doc = include_str!("../README.md")]
//!
//! # Map
//!
//! * [`v1`]: the payment widget of SDK v1, re-exported here
//! * [`machine`]: the pay page as a pure state machine; the pay button is a function of it
//! * [`error`], [`args`], [`loader`]: what every SDK version shares
//!
//! On any target but `wasm32-unknown-unknown` loading answers [`ErrorCode::NotInBrowser`], and since no widget can exist
//! there, every other method is unreachable. Signatures are the same, so a page that is also rendered by a server needs
//! no `cfg`.

pub mod args;
pub mod error;
#[cfg(any(all(target_arch = "wasm32", target_os = "unknown"), test))]
mod event;
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
mod js;
pub mod loader;
pub mod machine;
pub mod v1;

pub use args::CustomerKey;
pub use error::{ErrorCode, WidgetError};
pub use loader::{FetchPriority, LoadOptions, clear};
pub use v1::{
    Agreement, AgreementStatus, PaymentMethods, PaymentRequest, PaymentResult, PaymentType, PaymentWidget, SelectedMethod, UpdateReason,
    load_payment_widget, load_payment_widget_with_brandpay,
};
