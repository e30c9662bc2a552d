//! The client for the core API of [Toss Payments](https://docs.tosspayments.com/reference), for servers.
//!
//! | | |
//! |---|---|
//! | [`Client`], [`ClientBuilder`], [`CallOptions`], [`Response`] | how to reach Toss; one file per endpoint in `endpoints/` |
//! | [`Error`], [`Class`], [`ErrorCode`] | [`Rejected`] where Toss decided, [`UnknownOutcome`] where nobody knows |
//! | [`Payment`], [`Status`], [`payment`] | what Toss says, and everything inside it |
//! | [`ConfirmRequest`], [`CancelRequest`] … | what is asked for; their parts ([`OrderName`], [`CardDetails`], [`Date`] …) keep the limits of Toss |
//! | [`Won`], [`Money`], [`Amount`] | what we ask for, in won and in any currency; what Toss reports |
//! | [`SecretKey`], [`ClientKey`], [`check_pair`] | the keys, and whether two belong together |
//! | [`PaymentKey`], [`OrderId`], [`IdempotencyKey`] … | identifiers |
//! | [`Retry`], [`retry`] | repeating with the same idempotency key, where asked for |
//! | [`webhook`] | what Toss posts, typed by what vouches for it |
//! | [`billing`], [`brandpay`] | what charges a customer who has left a means of payment with Toss |
//! | [`transaction`], [`settlement`], [`cash_receipt`], [`promotion`] | the ledgers; [`Entries`] reads them as streams |
//! | [`Call`] | a call that this version has no method for |
//! | [`transport`] | another way to Toss: a simulation, a replay, another HTTP stack |
//! | [`cookbook`] | recipes, compiled |
#![doc = ""]
#![doc = include_str!("../README.md")]
#![warn(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking"))]

mod answer;
mod bank;
pub mod billing;
mod body;
pub mod brandpay;
mod call;
mod card;
pub mod cash_receipt;
mod client;
pub mod cookbook;
mod date;
mod endpoints;
mod error;
mod ids;
mod json;
mod keys;
mod limited;
mod money;
mod object;
mod paging;
pub mod payment;
pub mod promotion;
pub mod retry;
mod sensitive;
pub mod settlement;
mod text;
mod timestamp;
pub mod transaction;
pub mod transport;
pub mod webhook;
mod words;

#[cfg(feature = "chrono-04")]
mod with_chrono;
#[cfg(feature = "jiff-02")]
mod with_jiff;
#[cfg(feature = "serde")]
mod with_serde;
#[cfg(feature = "time-03")]
mod with_time;

pub use bank::Bank;
pub use call::Call;
pub use card::{CardDetails, CardExpiry, InstallmentPlan};
pub use client::{BuildError, CallOptions, Client, ClientBuilder, Response};
pub use date::{Date, DateError, DateTime};
pub use endpoints::{
    BillingCardRequest, BillingChargeRequest, BrandPayConfirmRequest, CancelRequest, CashReceiptQuery, CashReceiptRequest, ConfirmRequest,
    Deadline, EscrowProduct, FixedAccount, KeyInRequest, ReceiptWish, RefundReceiveAccount, SettlementDate, SettlementQuery,
    TransactionQuery, ValidHours, VirtualAccountRequest,
};
pub use error::{Class, DecodeError, Effect, Error, ErrorBody, ErrorCode, Rejected, UnknownCause, UnknownOutcome};
/// The vocabulary of [`transport`].
pub use http;
pub use ids::{
    AccessCode, AuthKey, BillingKey, CancelRequestId, CustomerKey, IdError, IdempotencyKey, OrderId, PaymentKey, ReceiptKey, TransactionKey,
};
pub use keys::{ClientKey, KeyError, KeyFamily, PairError, SecretKey, check_pair};
pub use money::{Amount, Money, NotMoney, NotWon, Won};
pub use paging::Entries;
pub use payment::whole::Payment;
pub use payment::words::{Currency, Method, PaymentType, Status};
pub use retry::again::Retry;
pub use sensitive::{Link, Sensitive};
pub use text::{
    AccountNumber, CancelReason, CardHolderNumber, CardNumber, CardPassword, CustomerEmail, CustomerName, HolderName, OrderName,
    PhoneNumber, ReceiptHolder,
};
pub use timestamp::{NotATime, Timestamp};
pub use words::UnknownWord;
