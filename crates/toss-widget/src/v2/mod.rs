//! Browser SDK v2 (`js.tosspayments.com/v2/standard`): [`Widgets`] on the page, [`Payment`] windows without a widget, and
//! [`BrandPay`].
//!
//! Every item names the page or type that it comes from: "types" is npm `@tosspayments/tosspayments-sdk` 2.8.1, "docs" is
//! Toss docs /sdk/v2/js, "codes" is Toss docs /sdk/v2/error-codes.

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

pub use crate::goods::{Address, EscrowProduct, MobileCarrier, Product, Shipping, UnitAmount};
pub use billing::{BillingAuth, BillingAuthRequest};
pub use brandpay::{BrandPay, BrandPayRequest};
pub use method::{MethodCode, SelectedMethod};
pub use options::{
    CardOptions, CashReceipt, FlowMode, FreeInstallment, Language, RefundAccount, TransferOptions, TransferProvider, VirtualAccountOptions,
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
