//! Every call of the client: what it sends, what answers it, and what its answer has to be about.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::future::Future;
use std::pin::Pin;
use toss_payments::cash_receipt::CashReceiptType;
use toss_payments::{
    AccessCode, AuthKey, Bank, BillingCardRequest, BillingChargeRequest, BillingKey, BrandPayConfirmRequest, CancelReason, CancelRequest,
    CardDetails, CardExpiry, CardHolderNumber, CardNumber, CashReceiptQuery, CashReceiptRequest, Client, CustomerKey, CustomerName, Date,
    DateTime, Error, KeyInRequest, OrderName, ReceiptHolder, ReceiptKey, SettlementQuery, TransactionQuery, VirtualAccountRequest, Won,
};

use crate::support::{CARD, confirm_request, idempotency_key, order_id, payment_key};

/// A payment given back in two parts.
pub const CANCELLED: &str = include_str!("../golden/cancelled.json");
pub const BILLING: &str = include_str!("../golden/billing.json");
pub const TRANSACTIONS: &str = include_str!("../golden/transactions.json");
pub const SETTLEMENTS: &str = include_str!("../golden/settlements.json");
pub const CASH_RECEIPT: &str = include_str!("../golden/cash_receipt.json");
pub const CASH_RECEIPTS: &str = include_str!("../golden/cash_receipts.json");
pub const PROMOTIONS: &str = include_str!("../golden/promotions.json");
pub const ACCESS_TOKEN: &str = include_str!("../golden/access_token.json");

type Ran = Pin<Box<dyn Future<Output = Result<(), Error>>>>;

/// One call with the least that it needs.
pub struct Call {
    pub name: &'static str,
    pub method: &'static str,
    pub path: String,
    pub query: Option<&'static str>,
    pub body: Option<&'static str>,
    /// A body that answers it.
    pub answer: &'static str,
    /// Places in the answer that have to be what was asked for, each with something else of the same type.
    pub about: &'static [(&'static str, &'static str)],
    pub run: fn(Client) -> Ran,
}

const PAYMENT_OF_ORDER: &[(&str, &str)] = &[("/orderId", r#""order-20260801-0002""#), ("/totalAmount", "45001"), ("/currency", r#""USD""#)];
const CONFIRMED: &[(&str, &str)] = &[
    ("/paymentKey", r#""tviva20260801120000OTHER""#),
    ("/orderId", r#""order-20260801-0002""#),
    ("/totalAmount", "45001"),
    ("/currency", r#""USD""#),
];

macro_rules! run {
    (|$client:ident| $call:expr) => {
        |$client| Box::pin(async move { $call.await.map(drop) })
    };
}

pub fn won(won: i64) -> Won {
    Won::new(won).unwrap()
}

pub fn order_name() -> OrderName {
    OrderName::parse("토스 티셔츠").unwrap()
}

pub fn customer_key() -> CustomerKey {
    CustomerKey::parse("c7f3a9d2-54e1-4a0b").unwrap()
}

pub fn billing_key() -> BillingKey {
    BillingKey::parse("Z_t5vOvQxrj4499P=").unwrap()
}

pub fn receipt_key() -> ReceiptKey {
    ReceiptKey::parse("nlkG9VcGMGVQxlwi").unwrap()
}

pub fn card() -> CardDetails {
    CardDetails::new(CardNumber::parse("9410001234567890").unwrap(), CardExpiry::new(28, 3).unwrap())
}

pub fn key_in_request() -> KeyInRequest {
    KeyInRequest::new(won(45_000), order_id(), order_name(), card())
}

pub fn billing_charge_request() -> BillingChargeRequest {
    BillingChargeRequest::new(won(45_000), customer_key(), order_id(), order_name())
}

pub fn billing_card_request() -> BillingCardRequest {
    BillingCardRequest::new(customer_key(), card(), CardHolderNumber::parse("900101").unwrap())
}

pub fn virtual_account_request() -> VirtualAccountRequest {
    VirtualAccountRequest::new(won(45_000), order_id(), order_name(), CustomerName::parse("김토스").unwrap(), Bank::Woori)
}

pub fn cash_receipt_request() -> CashReceiptRequest {
    let holder = ReceiptHolder::parse("01012345678").unwrap();
    CashReceiptRequest::new(won(45_000), order_id(), order_name(), CashReceiptType::IncomeDeduction, holder)
}

pub fn brandpay_request() -> BrandPayConfirmRequest {
    BrandPayConfirmRequest::new(payment_key(), order_id(), won(45_000), customer_key())
}

pub fn cancel_request() -> CancelRequest {
    CancelRequest::new(CancelReason::parse("단순 변심").unwrap())
}

pub fn transaction_query() -> TransactionQuery {
    TransactionQuery::new(DateTime::parse("2026-08-01T00:00:00").unwrap(), DateTime::parse("2026-08-02T00:00:00").unwrap())
}

pub fn settlement_query() -> SettlementQuery {
    SettlementQuery::new(Date::parse("2026-08-01").unwrap(), Date::parse("2026-08-31").unwrap())
}

pub fn cash_receipt_query() -> CashReceiptQuery {
    CashReceiptQuery::new(Date::parse("2026-08-01").unwrap())
}

fn post(
    name: &'static str,
    path: &str,
    body: &'static str,
    answer: &'static str,
    about: &'static [(&'static str, &'static str)],
    run: fn(Client) -> Ran,
) -> Call {
    Call { name, method: "POST", path: path.to_owned(), query: None, body: Some(body), answer, about, run }
}

fn get(
    name: &'static str,
    path: &str,
    query: Option<&'static str>,
    answer: &'static str,
    about: &'static [(&'static str, &'static str)],
    run: fn(Client) -> Ran,
) -> Call {
    Call { name, method: "GET", path: path.to_owned(), query, body: None, answer, about, run }
}

pub fn all() -> Vec<Call> {
    let mut calls = charges();
    calls.extend(billing());
    calls.extend(ledgers());
    calls
}

fn charges() -> Vec<Call> {
    vec![
        post(
            "confirm",
            "/v1/payments/confirm",
            r#"{"paymentKey":"tviva20260801120000AbC12","orderId":"order-20260801-0001","amount":45000}"#,
            CARD,
            CONFIRMED,
            run!(|client| client.confirm(&confirm_request(), &idempotency_key())),
        ),
        get(
            "payment",
            "/v1/payments/tviva20260801120000AbC12",
            None,
            CARD,
            &[("/paymentKey", r#""tviva20260801120000OTHER""#)],
            run!(|client| client.payment(&payment_key())),
        ),
        get(
            "payment_by_order",
            "/v1/payments/orders/order-20260801-0001",
            None,
            CARD,
            &[("/orderId", r#""order-20260801-0002""#)],
            run!(|client| client.payment_by_order(&order_id())),
        ),
        post(
            "cancel",
            "/v1/payments/tviva20260801120000AbC12/cancel",
            r#"{"cancelReason":"단순 변심"}"#,
            CANCELLED,
            &[("/paymentKey", r#""tviva20260801120000OTHER""#), ("/balanceAmount", "1")],
            run!(|client| client.cancel(&payment_key(), &cancel_request(), &idempotency_key())),
        ),
        post(
            "issue_virtual_account",
            "/v1/virtual-accounts",
            r#"{"amount":45000,"orderId":"order-20260801-0001","orderName":"토스 티셔츠","customerName":"김토스","bank":"20"}"#,
            CARD,
            PAYMENT_OF_ORDER,
            run!(|client| client.issue_virtual_account(&virtual_account_request(), &idempotency_key())),
        ),
        post(
            "key_in",
            "/v1/payments/key-in",
            r#"{"amount":45000,"orderId":"order-20260801-0001","orderName":"토스 티셔츠","cardNumber":"9410001234567890","cardExpirationYear":"28","cardExpirationMonth":"03"}"#,
            CARD,
            PAYMENT_OF_ORDER,
            run!(|client| client.key_in(&key_in_request(), &idempotency_key())),
        ),
    ]
}

fn billing() -> Vec<Call> {
    vec![
        post(
            "issue_billing_key",
            "/v1/billing/authorizations/issue",
            r#"{"authKey":"bln_0123456789","customerKey":"c7f3a9d2-54e1-4a0b"}"#,
            BILLING,
            &[("/customerKey", r#""someone-else""#)],
            run!(|client| client.issue_billing_key(&AuthKey::parse("bln_0123456789").unwrap(), &customer_key(), &idempotency_key())),
        ),
        post(
            "issue_billing_key_by_card",
            "/v1/billing/authorizations/card",
            r#"{"customerKey":"c7f3a9d2-54e1-4a0b","cardNumber":"9410001234567890","cardExpirationYear":"28","cardExpirationMonth":"03","customerIdentityNumber":"900101"}"#,
            BILLING,
            &[("/customerKey", r#""someone-else""#)],
            run!(|client| client.issue_billing_key_by_card(&billing_card_request(), &idempotency_key())),
        ),
        post(
            "charge_billing_key",
            "/v1/billing/Z_t5vOvQxrj4499P=",
            r#"{"amount":45000,"customerKey":"c7f3a9d2-54e1-4a0b","orderId":"order-20260801-0001","orderName":"토스 티셔츠"}"#,
            CARD,
            PAYMENT_OF_ORDER,
            run!(|client| client.charge_billing_key(&billing_key(), &billing_charge_request(), &idempotency_key())),
        ),
        Call {
            name: "delete_billing_key",
            method: "DELETE",
            path: "/v1/billing/Z_t5vOvQxrj4499P=".to_owned(),
            query: None,
            body: None,
            answer: "",
            about: &[],
            run: run!(|client| client.delete_billing_key(&billing_key())),
        },
        post(
            "brandpay_access_token",
            "/v1/brandpay/authorizations/access-token",
            r#"{"grantType":"AuthorizationCode","customerKey":"c7f3a9d2-54e1-4a0b","code":"abc123"}"#,
            ACCESS_TOKEN,
            &[],
            run!(|client| client.brandpay_access_token(&customer_key(), &AccessCode::parse("abc123").unwrap(), &idempotency_key())),
        ),
        post(
            "confirm_brandpay",
            "/v1/brandpay/payments/confirm",
            r#"{"paymentKey":"tviva20260801120000AbC12","orderId":"order-20260801-0001","amount":45000,"customerKey":"c7f3a9d2-54e1-4a0b"}"#,
            CARD,
            CONFIRMED,
            run!(|client| client.confirm_brandpay(&brandpay_request(), &idempotency_key())),
        ),
    ]
}

fn ledgers() -> Vec<Call> {
    vec![
        get(
            "transactions_page",
            "/v1/transactions",
            Some("startDate=2026-08-01T00%3A00%3A00&endDate=2026-08-02T00%3A00%3A00&limit=100"),
            TRANSACTIONS,
            &[],
            run!(|client| client.transactions_page(&transaction_query())),
        ),
        get(
            "settlements",
            "/v1/settlements",
            Some("startDate=2026-08-01&endDate=2026-08-31&dateType=soldDate&page=1&size=100"),
            SETTLEMENTS,
            &[],
            run!(|client| client.settlements(&settlement_query())),
        ),
        post(
            "settle",
            "/v1/settlements",
            r#"{"paymentKey":"tviva20260801120000AbC12"}"#,
            r#"{"result":true}"#,
            &[],
            run!(|client| client.settle(&payment_key(), &idempotency_key())),
        ),
        post(
            "issue_cash_receipt",
            "/v1/cash-receipts",
            r#"{"amount":45000,"orderId":"order-20260801-0001","orderName":"토스 티셔츠","type":"소득공제","customerIdentityNumber":"01012345678"}"#,
            CASH_RECEIPT,
            &[("/orderId", r#""order-20260801-0002""#), ("/amount", "45001")],
            run!(|client| client.issue_cash_receipt(&cash_receipt_request(), &idempotency_key())),
        ),
        post(
            "cancel_cash_receipt",
            "/v1/cash-receipts/nlkG9VcGMGVQxlwi/cancel",
            r#"{"amount":45000}"#,
            CASH_RECEIPT,
            &[("/amount", "45001")],
            run!(|client| client.cancel_cash_receipt(&receipt_key(), Some(won(45_000)), &idempotency_key())),
        ),
        get(
            "cash_receipts_page",
            "/v1/cash-receipts",
            Some("requestDate=2026-08-01&limit=100"),
            CASH_RECEIPTS,
            &[],
            run!(|client| client.cash_receipts_page(&cash_receipt_query())),
        ),
        get("promotions", "/v1/promotions", None, PROMOTIONS, &[], run!(|client| client.promotions())),
        get("card_promotions", "/v1/promotions/card", None, PROMOTIONS, &[], run!(|client| client.card_promotions())),
    ]
}
