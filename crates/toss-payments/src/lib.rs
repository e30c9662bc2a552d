#![doc = include_str!("../README.md")]
//!
//! # Map
//!
//! | module | what it holds |
//! |---|---|
//! | [`client`] | [`Client`], its builder and [`Response`]; one file per endpoint in `endpoints/` |
//! | [`keys`] | [`SecretKey`], [`ClientKey`] and the check that the two belong together |
//! | [`ids`] | [`PaymentKey`], [`OrderId`], [`IdempotencyKey`], [`CustomerKey`], [`BillingKey`] and their kin |
//! | [`text`], [`card`], [`date`], [`bank`] | what a shop writes into a request, within the limits of Toss |
//! | [`money`] | [`Won`] and [`Money`] for what we ask for, [`Amount`] for what Toss reports |
//! | [`payment`] | [`Payment`] and everything inside it |
//! | [`billing`], [`brandpay`] | what charges a customer who has left a means of payment with Toss |
//! | [`transaction`], [`settlement`], [`cash_receipt`], [`promotion`] | the ledgers; [`paging`] reads them as streams |
//! | [`error`] | [`Error`]: [`Rejected`] where Toss decided, [`Unknown`] where nobody knows |
//! | [`retry`] | [`Retry`]: repeating with the same idempotency key, where asked for |
//! | [`webhook`] | [`webhook::Webhook`]: what Toss posts, typed by what vouches for it |

#![warn(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking"))]

pub mod bank;
pub mod billing;
mod body;
pub mod brandpay;
pub mod card;
pub mod cash_receipt;
pub mod client;
pub mod date;
mod endpoints;
pub mod error;
pub mod ids;
mod json;
pub mod keys;
mod limited;
pub mod money;
mod object;
pub mod paging;
pub mod payment;
pub mod promotion;
pub mod retry;
pub mod sensitive;
pub mod settlement;
pub mod text;
pub mod timestamp;
pub mod transaction;
mod transport;
pub mod webhook;
mod words;

pub use bank::Bank;
pub use billing::Billing;
pub use card::{CardDetails, CardExpiry, InstallmentPlan};
pub use client::{BuildError, Client, ClientBuilder, Response};
pub use date::{Date, DateError, DateTime};
pub use endpoints::{
    BillingCardRequest, BillingChargeRequest, BrandPayConfirmRequest, CancelRequest, CashReceiptQuery, CashReceiptRequest, ConfirmRequest,
    Deadline, EscrowProduct, FixedAccount, KeyInRequest, ReceiptWish, RefundReceiveAccount, SettlementDate, SettlementQuery,
    TransactionQuery, ValidHours, VirtualAccountRequest,
};
pub use error::{Class, DecodeError, Error, ErrorCode, Rejected, Unknown, UnknownCause};
pub use ids::{
    AccessCode, AuthKey, BillingKey, CancelRequestId, CustomerKey, IdError, IdempotencyKey, OrderId, PaymentKey, ReceiptKey, TransactionKey,
};
pub use keys::{ClientKey, KeyError, KeyFamily, PairError, SecretKey, check_pair};
pub use money::{Amount, Money, NotMoney, NotWon, Won};
pub use paging::Entries;
pub use payment::{Method, Payment, PaymentType, Status};
pub use retry::Retry;
pub use sensitive::{Link, Sensitive};
pub use text::{
    AccountNumber, CancelReason, CardHolderNumber, CardNumber, CardPassword, CustomerEmail, CustomerName, HolderName, OrderName,
    PhoneNumber, ReceiptHolder,
};
pub use timestamp::Timestamp;
