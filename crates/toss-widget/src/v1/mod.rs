//! The payment widget of browser SDK v1 (`js.tosspayments.com/v1/payment-widget`).
//!
//! Every item names the page or type that it comes from: "types" is npm `@tosspayments/payment-widget__types` 1.1.0,
//! "docs" is Toss docs /sdk/widget-js. Toss has frozen v1; it stays in service.

mod checks;
mod read;
mod request;
mod values;
mod widget;
mod wire;

pub use crate::goods::{Address, EscrowProduct, MobileCarrier, Product, Shipping, UnitAmount};
pub use request::PaymentRequest;
pub use values::{AgreementStatus, PaymentResult, PaymentType, SelectedMethod, Term, UpdateReason};
pub use widget::{Agreement, PaymentMethods, PaymentWidget, load_payment_widget, load_payment_widget_with_brandpay};

/// Where Toss serves the script (docs).
pub const DEFAULT_SRC: &str = "https://js.tosspayments.com/v1/payment-widget";

/// The name of the function that the script defines (docs).
pub const GLOBAL: &str = "PaymentWidget";
