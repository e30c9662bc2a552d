//! The payment widget of browser SDK v1 (`js.tosspayments.com/v1/payment-widget`).
//!
//! Every item names the page or type that it comes from: "types" is npm `@tosspayments/payment-widget__types` 1.1.0,
//! "docs" is Toss docs /sdk/widget-js. Toss has frozen v1; it stays in service.
//!
//! ```no_run
//! use toss_widget::v1::{PaymentRequest, PaymentWidget};
//! use toss_widget::{Customer, LoadOptions, Order, OrderId, UpdateReason, WidgetError, Won};
//!
//! async fn pay(order_id: OrderId) -> Result<(), WidgetError> {
//!     let widget = PaymentWidget::load(&LoadOptions::new(), "test_gck_...", &Customer::Anonymous).await?;
//!     let mut methods = widget.render_payment_methods("#methods", Won::of(50_000), Some("DEFAULT"))?;
//!     let agreement = widget.render_agreement("#agreement", Some("AGREEMENT"))?;
//!     methods.on_ready(|| { /* the widget can be used */ })?;
//!     methods.update_amount(Won::of(45_000), Some(UpdateReason::Coupon))?;
//!     if agreement.status()?.agreed_required_terms {
//!         widget.request_payment(&PaymentRequest::new(Order::new(order_id, "사과 외 2건"))).await?;
//!     }
//!     Ok(())
//! }
//! ```

mod checks;
mod read;
mod request;
mod values;
mod widget;
mod wire;

pub use request::PaymentRequest;
pub use values::{AgreementStatus, PaymentResult, SelectedMethod, Term};
pub use widget::{Agreement, PaymentMethods, PaymentWidget};

/// Where Toss serves the script (docs).
pub const DEFAULT_SRC: &str = "https://js.tosspayments.com/v1/payment-widget";

/// The name of the function that the script defines (docs).
pub const GLOBAL: &str = "PaymentWidget";
