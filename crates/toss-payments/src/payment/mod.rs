//! What is inside a [`Payment`](crate::Payment). Source: Toss docs `/reference`, object Payment, version 2022-11-16.
//!
//! Five fields make a payment: its key, the order, the status, the total and the currency. Whatever else is missing, null
//! or of an unexpected type is `None`, and the body as received is at hand in [`Response::raw`](crate::Response).

mod cancel;
mod method;
pub(crate) mod receipt;
pub(crate) mod whole;
pub(crate) mod words;

pub use cancel::Cancel;
pub use method::{Card, EasyPay, ForeignEasyPay, GiftCertificate, MobilePhone, RefundAccount, Transfer, VirtualAccount};
pub use receipt::{CashReceipt, Failure};
pub use words::{AccountType, AcquireStatus, CancelStatus, CardType, InterestPayer, OwnerType, RefundStatus, SettlementStatus};
