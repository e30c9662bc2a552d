//! Lists as streams, against a fake Toss that counts its pages.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "support/calls.rs"]
mod calls;
mod support;

use futures_core::Stream;
use std::collections::HashMap;
use std::future::poll_fn;
use std::pin::Pin;
use support::{client, unknown};
use toss_payments::{TransactionKey, UnknownCause};
use wiremock::matchers::{path, query_param, query_param_is_missing};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

const TRANSACTIONS: usize = 7;

/// A ledger of seven transactions, in pages of what was asked for.
fn ledger(request: &Request) -> ResponseTemplate {
    let asked: HashMap<String, String> = request.url.query_pairs().into_owned().collect();
    let start = asked.get("startingAfter").map_or(0, |key| key.trim_start_matches("tx-").parse::<usize>().unwrap() + 1);
    let end = (start + asked["limit"].parse::<usize>().unwrap()).min(TRANSACTIONS);
    let page: Vec<_> = (start..end).map(|i| serde_json::json!({ "transactionKey": format!("tx-{i}"), "amount": i })).collect();
    ResponseTemplate::new(200).set_body_json(page)
}

#[tokio::test]
async fn all_transactions_come_once_and_in_order_whatever_the_size_of_a_page() {
    for (limit, pages) in [(1, 8), (3, 4), (7, 2), (100, 2)] {
        let server = MockServer::start().await;
        Mock::given(path("/v1/transactions")).respond_with(ledger).expect(pages).mount(&server).await;
        let mut transactions = client(&server.uri()).transactions(&calls::transaction_query().limit(limit));
        let mut keys = Vec::new();
        while let Some(transaction) = transactions.next().await {
            keys.push(transaction.unwrap().transaction_key.unwrap().to_string());
        }
        assert_eq!(keys, (0..TRANSACTIONS).map(|i| format!("tx-{i}")).collect::<Vec<_>>(), "{limit}");
        assert!(transactions.next().await.is_none());
    }
}

#[tokio::test]
async fn a_page_is_asked_for_when_it_is_needed() {
    let server = MockServer::start().await;
    Mock::given(path("/v1/transactions")).respond_with(ledger).mount(&server).await;
    let mut transactions = client(&server.uri()).transactions(&calls::transaction_query().limit(3));
    let asked = async || server.received_requests().await.unwrap().len();
    assert_eq!(asked().await, 0);
    for (taken, pages) in [(1, 1), (2, 1), (3, 1), (4, 2)] {
        // The same path as every other stream.
        poll_fn(|cx| Pin::new(&mut transactions).poll_next(cx)).await.unwrap().unwrap();
        assert_eq!(asked().await, pages, "{taken} taken");
    }
}

#[tokio::test]
async fn an_error_ends_the_stream_behind_what_came_before() {
    let server = MockServer::start().await;
    Mock::given(query_param_is_missing("startingAfter")).respond_with(ledger).expect(1).mount(&server).await;
    Mock::given(query_param("startingAfter", "tx-2")).respond_with(ResponseTemplate::new(429)).expect(1).mount(&server).await;
    let mut transactions = client(&server.uri()).transactions(&calls::transaction_query().limit(3));
    for _ in 0..3 {
        transactions.next().await.unwrap().unwrap();
    }
    assert_eq!(unknown(transactions.next().await.unwrap()).cause, UnknownCause::TooManyRequests);
    assert!(transactions.next().await.is_none());
}

#[tokio::test]
async fn a_list_that_turns_in_circles_is_an_error_and_no_endless_stream() {
    let server = MockServer::start().await;
    let same = ResponseTemplate::new(200).set_body_raw(r#"[{"transactionKey":"tx-0"}]"#, "application/json");
    Mock::given(path("/v1/transactions")).respond_with(same).expect(2).mount(&server).await;
    let same = ResponseTemplate::new(200).set_body_raw(r#"{"hasNext":true,"lastCursor":7,"data":[{}]}"#, "application/json");
    Mock::given(path("/v1/cash-receipts")).respond_with(same).expect(2).mount(&server).await;
    let client = client(&server.uri());

    let mut transactions = client.transactions(&calls::transaction_query());
    transactions.next().await.unwrap().unwrap();
    assert_eq!(unknown(transactions.next().await.unwrap()).cause, UnknownCause::Mismatch);

    let mut receipts = client.cash_receipts(&calls::cash_receipt_query());
    receipts.next().await.unwrap().unwrap();
    assert_eq!(unknown(receipts.next().await.unwrap()).cause, UnknownCause::Mismatch);
}

#[tokio::test]
async fn cash_receipts_follow_their_cursor() {
    let server = MockServer::start().await;
    let page = |body: &str| ResponseTemplate::new(200).set_body_raw(body, "application/json");
    Mock::given(query_param_is_missing("cursor"))
        .respond_with(page(r#"{"hasNext":true,"lastCursor":7,"data":[{"receiptKey":"r-1"},{"receiptKey":"r-2"}]}"#))
        .expect(1)
        .mount(&server)
        .await;
    Mock::given(query_param("cursor", "7"))
        .respond_with(page(r#"{"hasNext":false,"lastCursor":8,"data":[{"receiptKey":"r-3"}]}"#))
        .expect(1)
        .mount(&server)
        .await;
    let mut receipts = client(&server.uri()).cash_receipts(&calls::cash_receipt_query());
    let mut keys = Vec::new();
    while let Some(receipt) = receipts.next().await {
        keys.push(receipt.unwrap().receipt_key.unwrap().expose().to_owned());
    }
    assert_eq!(keys, ["r-1", "r-2", "r-3"]);
}

#[tokio::test]
async fn a_ledger_has_no_silent_gaps() {
    let server = MockServer::start().await;
    let gap = ResponseTemplate::new(200).set_body_raw(r#"[{"transactionKey":"tx-0"},7]"#, "application/json");
    Mock::given(path("/v1/transactions")).respond_with(gap).expect(1).mount(&server).await;
    let mut transactions = client(&server.uri()).transactions(&calls::transaction_query());
    assert_eq!(unknown(transactions.next().await.unwrap()).cause, UnknownCause::Unreadable);
}

#[tokio::test]
async fn a_transaction_without_its_key_spoils_nothing_but_the_way_on() {
    for (limit, goes_on) in [(3, false), (2, true)] {
        let server = MockServer::start().await;
        let page = ResponseTemplate::new(200).set_body_raw(r#"[{"transactionKey":"tx-0"},{"amount":1}]"#, "application/json");
        Mock::given(path("/v1/transactions")).respond_with(page).expect(1).mount(&server).await;
        let mut transactions = client(&server.uri()).transactions(&calls::transaction_query().limit(limit));
        for key in [Some("tx-0"), None] {
            let transaction = transactions.next().await.unwrap().unwrap();
            assert_eq!(transaction.transaction_key.as_ref().map(TransactionKey::as_str), key);
        }
        match transactions.next().await {
            Some(rest) if goes_on => assert_eq!(unknown(rest).cause, UnknownCause::Mismatch),
            rest => assert!(rest.is_none() && !goes_on, "{limit}"),
        }
    }
}
