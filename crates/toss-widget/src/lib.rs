#![doc = include_str!("../README.md")]
//!
//! # Map
//!
//! * [`checkout`]: one interface over both SDKs; what a pay page uses
//! * [`machine`]: the pay page as a pure state machine; the pay button is a function of it
//! * [`v1`], [`v2`]: each SDK by itself, whole
//! * [`error`], [`args`], [`loader`], [`Order`]: what they share; [`Won`], [`OrderId`], [`PaymentKey`], [`CustomerKey`]: what
//!   they share with the server, from [`toss_types`]
//!
//! On any target but `wasm32-unknown-unknown` loading answers [`ErrorCode::NotInBrowser`], and since no widget can exist
//! there, every other method is unreachable. Signatures are the same, so a page that is also rendered by a server needs
//! no `cfg`.

pub mod args;
pub mod checkout;
pub mod error;
mod event;
mod goods;
mod json;
pub mod loader;
pub mod machine;
mod order;
mod raw;
pub mod v1;
pub mod v2;
mod won;

pub use args::Customer;
pub use checkout::{Checkout, CheckoutWidget, Sdk};
pub use error::{ErrorCode, WidgetError};
pub use loader::{FetchPriority, LoadOptions, clear};
pub use order::Order;
pub use toss_types::{CustomerKey, IdError, NotWon, OrderId, PaymentKey, Won};
pub use v1::{
    Agreement, AgreementStatus, PaymentMethods, PaymentRequest, PaymentResult, PaymentType, PaymentWidget, SelectedMethod, UpdateReason,
    load_payment_widget, load_payment_widget_with_brandpay,
};
