//! Browser SDK v2 (`js.tosspayments.com/v2/standard`): [`Widgets`] on the page, [`Payment`] windows without a widget, and
//! [`BrandPay`].
//!
//! Every item names the page or type that it comes from: "types" is npm `@tosspayments/tosspayments-sdk` 2.8.1, "docs" is
//! Toss docs /sdk/v2/js, "codes" is Toss docs /sdk/v2/error-codes.
//!
//! ```no_run
//! use toss_widget::v2::{Amount, CardOptions, Method, PaymentRequest, TossPayments, WidgetRequest};
//! use toss_widget::{Customer, LoadOptions, Order, OrderId, WidgetError, Won};
//!
//! async fn on_the_page(order_id: OrderId) -> Result<(), WidgetError> {
//!     let toss = TossPayments::load(&LoadOptions::new(), "test_gck_...").await?;
//!     let widgets = toss.widgets(&Customer::Anonymous)?;
//!     widgets.set_amount(&Amount::from(Won::of(50_000))).await?;
//!     let mut methods = widgets.render_payment_methods("#methods", Some("DEFAULT")).await?;
//!     let mut agreement = widgets.render_agreement("#agreement", Some("AGREEMENT")).await?;
//!     methods.on_select(|selected| { let _code = selected.code; })?;
//!     agreement.on_change(|status| { let _agreed = status.agreed_required_terms; })?;
//!     widgets.request_payment(&WidgetRequest::new(Order::new(order_id, "사과"))).await?;
//!     methods.destroy().await
//! }
//!
//! // A payment window without a widget; needs a `ck` key.
//! async fn in_a_window(order_id: OrderId) -> Result<(), WidgetError> {
//!     let payment = TossPayments::load(&LoadOptions::new(), "test_ck_...").await?.payment(&Customer::Anonymous)?;
//!     let by_card = Method::Card(CardOptions::new());
//!     payment.request_payment(&PaymentRequest::new(Won::of(45_000), Order::new(order_id, "사과"), by_card)).await?;
//!     Ok(())
//! }
//! ```

mod billing;
mod brandpay;
mod leaving;
mod method;
mod options;
mod payment;
mod request;
mod result;
mod sdk;
mod widgets;
mod window;

pub use billing::{BillingAuth, BillingAuthRequest, BillingCardOptions, CardType};
pub use brandpay::{BrandPay, BrandPayRequest};
pub use method::{MethodCode, SelectedMethod};
pub use options::{
    CardOptions, CashReceipt, FlowMode, FreeInstallment, Language, MobilePhoneOptions, RefundAccount, TransferOptions, TransferProvider,
    VirtualAccountOptions,
};
pub use payment::{Method, Payment, PaymentRequest};
pub use request::{ForeignEasyPay, SandboxResult, WidgetCard, WidgetRequest, WidgetTransfer, WidgetVirtualAccount, WindowTarget};
pub use result::{AgreementItem, AgreementStatus, Amount, PaymentResult};
pub use sdk::TossPayments;
pub use widgets::{Agreement, PaymentMethods, Widgets};
pub use window::{PaymentWindow, WindowVariants};

/// Where Toss serves the script (docs).
pub const DEFAULT_SRC: &str = "https://js.tosspayments.com/v2/standard";

/// The name of the function that the script defines (docs).
pub const GLOBAL: &str = "TossPayments";
