//! Every call against the offline Toss, which knows nothing of this crate: what moves money is counted in its ledger.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "support/calls.rs"]
mod calls;
mod support;

use std::time::Duration;
use support::{idempotency_key, order_id, unknown};
use toss_payments::PaymentType;
use toss_payments::cash_receipt::CashReceiptType;
use toss_payments::payment::CancelStatus;
use toss_payments::{
    AccessCode, AccountNumber, AuthKey, Bank, CardHolderNumber, CashReceiptQuery, Class, Client, ConfirmRequest, Date, DateTime, Deadline,
    Error, ErrorCode, HolderName, IdempotencyKey, Method, OrderId, Payment, PaymentKey, RefundReceiveAccount, SecretKey, Status,
    TransactionQuery, UnknownCause, ValidHours,
};
use toss_sandbox::{API_SECRET_KEY, Clock, Config, Endpoint, Fault, NewPayment, Sandbox, Scope, Times, UnixMs};

/// 2026-08-01T12:00:00+09:00
const NOON: i64 = 1_785_553_200_000;

/// A sandbox whose clock stands still, and the client of its widget.
async fn sandbox() -> (Sandbox, Client) {
    let sandbox = Sandbox::start(Config { clock: Clock::stopped_at(UnixMs::new(NOON)), ..Config::default() }).await.unwrap();
    let client = client_of(&sandbox, sandbox.secret_key());
    (sandbox, client)
}

/// The same with the client of the API key, which the direct calls need.
async fn api_sandbox() -> (Sandbox, Client) {
    let (sandbox, _) = sandbox().await;
    let client = client_of(&sandbox, API_SECRET_KEY);
    (sandbox, client)
}

fn client_of(sandbox: &Sandbox, key: &str) -> Client {
    Client::builder(SecretKey::parse(key).unwrap()).base_url(sandbox.url()).timeout(Duration::from_secs(20)).build().unwrap()
}

/// What the shop does when the shopper comes back from the window.
fn returned(sandbox: &Sandbox, order: &str) -> ConfirmRequest {
    let made = sandbox.control().authenticate(NewPayment::new(order, "토스 티셔츠", 45_000)).unwrap();
    let payment_key = PaymentKey::parse(&made.payment_key).unwrap();
    ConfirmRequest::new(payment_key, OrderId::parse(order).unwrap(), calls::won(45_000))
}

fn key(text: &str) -> IdempotencyKey {
    IdempotencyKey::parse(text).unwrap()
}

async fn paid(sandbox: &Sandbox, client: &Client, order: &str) -> Payment {
    client.confirm(&returned(sandbox, order), &key(order)).await.unwrap().value
}

fn charges(sandbox: &Sandbox, order: &OrderId) -> usize {
    sandbox.control().charges(order.as_str()).len()
}

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> (ErrorCode, Class) {
    let error = result.unwrap_err();
    (error.code().unwrap().clone(), error.class())
}

#[tokio::test]
async fn confirm_charges_once_and_the_look_ups_agree() {
    let (sandbox, client) = sandbox().await;
    let request = returned(&sandbox, "order-0001");
    let confirmed = client.confirm(&request, &key("a")).await.unwrap();
    let repeated = client.confirm(&request, &key("a")).await.unwrap();
    assert_eq!((confirmed.value.status.clone(), &confirmed.raw), (Status::Done, &repeated.raw));
    assert_eq!(charges(&sandbox, &request.order_id), 1);
    assert_eq!(code(client.confirm(&request, &key("b")).await), (ErrorCode::AlreadyProcessedPayment, Class::State));
    assert_eq!(client.payment(&request.payment_key).await.unwrap().value, confirmed.value);
    assert_eq!(client.payment_by_order(&request.order_id).await.unwrap().value, confirmed.value);
    sandbox.shutdown().await;
}

#[tokio::test]
async fn a_lost_answer_is_unknown_and_the_same_key_finds_it() {
    let (sandbox, client) = sandbox().await;
    let request = returned(&sandbox, "order-0001");
    sandbox.control().fault(Fault::ResetAfter, Scope::any(Endpoint::Confirm), Times::Once).unwrap();
    assert_eq!(unknown(client.confirm(&request, &key("a")).await).cause, UnknownCause::Reset);
    assert_eq!(client.confirm(&request, &key("a")).await.unwrap().value.status, Status::Done);
    assert_eq!(charges(&sandbox, &request.order_id), 1);
    sandbox.shutdown().await;
}

#[tokio::test]
async fn cancels_give_back_what_is_left_and_no_more() {
    let (sandbox, client) = sandbox().await;
    let payment = paid(&sandbox, &client, "order-0001").await;
    let of = |won: i64, left: i64| calls::cancel_request().amount(calls::won(won)).refundable_amount(calls::won(left));

    let part = client.cancel(&payment.payment_key, &of(1_000, 45_000), &key("c1")).await.unwrap().value;
    assert_eq!((part.status.clone(), part.balance_won()), (Status::PartialCanceled, Some(calls::won(44_000))));
    assert_eq!(part.cancels[0].cancel_status, Some(CancelStatus::Done));
    // The lock: the shop has not heard of the first cancel.
    let stale = client.cancel(&payment.payment_key, &of(1_000, 45_000), &key("c2")).await;
    assert_eq!(code(stale), (ErrorCode::NotMatchesRefundableAmount, Class::State));
    let too_much = client.cancel(&payment.payment_key, &of(44_001, 44_000), &key("c3")).await;
    assert_eq!(code(too_much), (ErrorCode::NotCancelableAmount, Class::State));
    // A key used again brings the answer of the first cancel, in which no cancel of 2,000 is.
    let reused = client.cancel(&payment.payment_key, &of(2_000, 44_000), &key("c1")).await;
    assert_eq!(unknown(reused).cause, UnknownCause::Mismatch);

    let rest = client.cancel(&payment.payment_key, &calls::cancel_request(), &key("c4")).await.unwrap().value;
    assert_eq!((rest.balance_won(), rest.cancels.len()), (Some(calls::won(0)), 2));
    assert_eq!(sandbox.control().ledger().len(), 3, "one approval and two cancels");
    sandbox.shutdown().await;
}

#[tokio::test]
async fn a_virtual_account_waits_is_paid_into_and_is_refunded_to_an_account() {
    let (sandbox, client) = api_sandbox().await;
    let request = calls::virtual_account_request().deadline(Deadline::In(ValidHours::new(24).unwrap()));
    let issued = client.issue_virtual_account(&request, &idempotency_key()).await.unwrap().value;
    let account = issued.virtual_account.clone().unwrap();
    assert_eq!((issued.status.clone(), issued.approved_at.clone()), (Status::WaitingForDeposit, None));
    assert_eq!((account.bank_code.as_deref(), account.due_date.unwrap().unix_ms()), (Some("20"), Some(NOON + 24 * 3_600_000)));
    assert!(issued.secret.is_some());

    sandbox.control().deposit(issued.payment_key.expose()).unwrap();
    assert_eq!(client.payment(&issued.payment_key).await.unwrap().value.status, Status::Done);
    let without = client.cancel(&issued.payment_key, &calls::cancel_request(), &key("c1")).await;
    assert!(matches!(without, Err(Error::Rejected(_))), "a deposit goes back to an account: {without:?}");
    let to = RefundReceiveAccount::new(Bank::Shinhan, AccountNumber::parse("11012345678").unwrap(), HolderName::parse("김토스").unwrap());
    let refunded = client.cancel(&issued.payment_key, &calls::cancel_request().refund_receive_account(to), &key("c2")).await.unwrap().value;
    assert_eq!((refunded.status, refunded.balance_amount.map(|left| left.is_zero())), (Status::Canceled, Some(true)));

    let twice = client.issue_virtual_account(&request, &key("again")).await;
    assert_eq!(code(twice), (ErrorCode::DuplicatedOrderId, Class::State));
    let until = calls::virtual_account_request().deadline(Deadline::Until(DateTime::parse("2026-12-01T00:00:00").unwrap()));
    assert_eq!(code(client.issue_virtual_account(&until, &key("far")).await), (ErrorCode::ExceedMaxDueDate, Class::Validation));
    sandbox.shutdown().await;
}

#[tokio::test]
async fn a_card_is_charged_by_its_number() {
    let (sandbox, client) = api_sandbox().await;
    let payment = client.key_in(&calls::key_in_request(), &idempotency_key()).await.unwrap().value;
    assert_eq!((payment.status, payment.method), (Status::Done, Some(Method::Card)));
    assert_eq!(charges(&sandbox, &order_id()), 1);
    assert_eq!(code(client.key_in(&calls::key_in_request(), &key("again")).await).1, Class::State);
    assert_eq!(charges(&sandbox, &order_id()), 1);
    sandbox.shutdown().await;
}

#[tokio::test]
async fn a_billing_key_is_issued_charged_and_deleted() {
    let (sandbox, client) = api_sandbox().await;
    let customer = calls::customer_key();
    let auth = sandbox.control().authorize_billing(customer.expose(), toss_sandbox::Method::Card).unwrap();
    let auth = AuthKey::parse(&auth).unwrap();
    let billing = client.issue_billing_key(&auth, &customer, &key("issue")).await.unwrap().value;
    assert_eq!((billing.method, billing.card.is_some()), (Some(Method::Card), true));
    let spent = client.issue_billing_key(&auth, &customer, &key("issue-2")).await;
    assert_eq!(code(spent), (ErrorCode::InvalidBillingAuth, Class::Validation));

    let payment =
        client.charge_billing_key(&billing.billing_key, &calls::billing_charge_request(), &idempotency_key()).await.unwrap().value;
    assert_eq!((payment.status, payment.payment_type), (Status::Done, Some(PaymentType::Billing)));
    assert_eq!(charges(&sandbox, &order_id()), 1);
    let mut others = calls::billing_charge_request();
    others.customer_key = toss_payments::CustomerKey::parse("someone-else").unwrap();
    let refused = client.charge_billing_key(&billing.billing_key, &others, &key("others")).await;
    assert_eq!(code(refused), (ErrorCode::NotMatchesCustomerKey, Class::Validation));

    assert_eq!(client.delete_billing_key(&billing.billing_key).await.unwrap().raw, "");
    let deleted = client.charge_billing_key(&billing.billing_key, &calls::billing_charge_request(), &key("deleted")).await;
    assert_eq!(code(deleted), (ErrorCode::AlreadyRemovedBillingKey, Class::State));
    assert_eq!(code(client.delete_billing_key(&billing.billing_key).await).1, Class::State);
    assert_eq!(charges(&sandbox, &order_id()), 1);
    sandbox.shutdown().await;
}

#[tokio::test]
async fn a_card_is_registered_by_its_number() {
    let (sandbox, client) = api_sandbox().await;
    let billing = client.issue_billing_key_by_card(&calls::billing_card_request(), &idempotency_key()).await.unwrap().value;
    assert_eq!(billing.customer_key, calls::customer_key());
    let payment = client.charge_billing_key(&billing.billing_key, &calls::billing_charge_request(), &key("charge")).await.unwrap().value;
    assert_eq!(payment.status, Status::Done);
    assert_eq!(charges(&sandbox, &order_id()), 1);
    let mut wrong = calls::billing_card_request();
    wrong.customer_identity_number = CardHolderNumber::parse("1234567890").unwrap();
    wrong.card.number = toss_payments::CardNumber::parse("111111").unwrap();
    assert!(matches!(client.issue_billing_key_by_card(&wrong, &key("wrong")).await, Err(Error::Rejected(_))));
    sandbox.shutdown().await;
}

#[tokio::test]
async fn a_brandpay_code_is_good_for_one_token() {
    let (sandbox, client) = api_sandbox().await;
    let customer = calls::customer_key();
    let auth = sandbox.control().authorize_billing(customer.expose(), toss_sandbox::Method::Card).unwrap();
    let access_code = AccessCode::parse(&auth).unwrap();
    let token = client.brandpay_access_token(&customer, &access_code, &key("token")).await.unwrap().value;
    assert_eq!(token.token_type.as_deref(), Some("bearer"));
    let again = client.brandpay_access_token(&customer, &access_code, &key("token-2")).await;
    assert_eq!(code(again), (ErrorCode::InvalidAuthorizeAuth, Class::Validation));
    sandbox.shutdown().await;
}

#[tokio::test]
async fn a_brandpay_confirm_needs_the_key_of_the_payment() {
    let (sandbox, widget) = sandbox().await;
    let api = client_of(&sandbox, API_SECRET_KEY);
    let mut request = calls::brandpay_request();
    request.payment_key = returned(&sandbox, "order-20260801-0001").payment_key;
    assert_eq!(code(widget.confirm_brandpay(&request, &key("widget")).await).1, Class::Key);
    assert_eq!(code(api.confirm_brandpay(&request, &key("api")).await), (ErrorCode::InvalidApiKey, Class::Key));
    assert_eq!(sandbox.control().ledger(), []);
    let of_the_api_key = NewPayment {
        client_key: Some(toss_sandbox::API_CLIENT_KEY.to_owned()),
        ..NewPayment::new("order-20260801-0001", "토스 티셔츠", 45_000)
    };
    let made = sandbox.control().authenticate(of_the_api_key).unwrap();
    request.payment_key = PaymentKey::parse(&made.payment_key).unwrap();
    let payment = api.confirm_brandpay(&request, &key("own")).await.unwrap().value;
    assert_eq!((payment.status, payment.payment_type), (Status::Done, Some(PaymentType::BrandPay)));
    assert_eq!(charges(&sandbox, &request.order_id), 1);
    sandbox.shutdown().await;
}

#[tokio::test]
async fn all_transactions_of_a_day_come_as_one_stream() {
    let (sandbox, client) = sandbox().await;
    let mut keys = Vec::new();
    for number in 1..=5 {
        let payment = paid(&sandbox, &client, &format!("order-000{number}")).await;
        keys.push(payment.last_transaction_key.unwrap());
    }
    let day = calls::transaction_query().limit(2);
    assert_eq!(client.transactions_page(&day).await.unwrap().value.len(), 2);
    let mut transactions = client.transactions(&day);
    let mut read = Vec::new();
    while let Some(transaction) = transactions.next().await {
        let transaction = transaction.unwrap();
        assert_eq!((transaction.amount, transaction.status), (Some(calls::won(45_000).into()), Some(Status::Done)));
        read.push(transaction.transaction_key.unwrap());
    }
    assert_eq!(read, keys);
    let unknown = TransactionQuery::new(DateTime::parse("2026-08-02T00:00:00").unwrap(), DateTime::parse("2026-08-01T00:00:00").unwrap());
    assert_eq!(code(client.transactions_page(&unknown).await), (ErrorCode::InvalidDate, Class::Validation));
    sandbox.shutdown().await;
}

#[tokio::test]
async fn settlements_are_empty_with_a_test_key_and_can_be_asked_for() {
    let (sandbox, client) = sandbox().await;
    assert_eq!(client.settlements(&calls::settlement_query()).await.unwrap().value, []);
    let waiting = returned(&sandbox, "order-0001");
    assert_eq!(code(client.settle(&waiting.payment_key, &key("early")).await), (ErrorCode::UnapprovedOrderId, Class::State));
    client.confirm(&waiting, &key("confirm")).await.unwrap();
    client.settle(&waiting.payment_key, &key("settle")).await.unwrap();
    sandbox.shutdown().await;
}

#[tokio::test]
async fn cash_receipts_are_issued_cancelled_and_listed() {
    let (sandbox, client) = sandbox().await;
    let mut keys = Vec::new();
    for number in 1..=3 {
        let mut request = calls::cash_receipt_request();
        request.order_id = OrderId::parse(&format!("order-000{number}")).unwrap();
        let issued = client.issue_cash_receipt(&request, &key(&format!("issue-{number}"))).await.unwrap().value;
        assert_eq!(issued.receipt_type, Some(CashReceiptType::IncomeDeduction));
        keys.push(issued.receipt_key.unwrap());
    }
    let cancelled = client.cancel_cash_receipt(&keys[0], None, &key("cancel")).await.unwrap().value;
    assert_eq!(cancelled.receipt_key.as_ref().unwrap().expose(), format!("c_{}", keys[0].expose()));
    assert_eq!(code(client.cancel_cash_receipt(&keys[0], None, &key("cancel-2")).await).1, Class::State);
    let part = client.cancel_cash_receipt(&keys[1], Some(calls::won(1_000)), &key("part")).await.unwrap().value;
    assert_eq!(part.amount, Some(calls::won(1_000).into()));
    keys.extend([cancelled.receipt_key.unwrap(), part.receipt_key.unwrap()]);

    let day = CashReceiptQuery::new(Date::parse("2026-08-01").unwrap()).limit(2);
    let page = client.cash_receipts_page(&day).await.unwrap().value;
    assert_eq!((page.entries.len(), page.has_next), (2, true));
    let mut receipts = client.cash_receipts(&day);
    let mut read = Vec::new();
    while let Some(receipt) = receipts.next().await {
        read.push(receipt.unwrap().receipt_key.unwrap());
    }
    assert_eq!(read.len(), keys.len());
    assert!(keys.iter().all(|key| read.contains(key)), "{read:?}");
    sandbox.shutdown().await;
}

#[tokio::test]
async fn promotions_are_read() {
    let (sandbox, client) = sandbox().await;
    let all = client.promotions().await.unwrap().value;
    assert_eq!(all.card.unwrap(), client.card_promotions().await.unwrap().value);
    assert!(all.bank.unwrap().discount_banks.is_empty());
    let raw: serde_json::Value = serde_json::from_str(&client.promotions().await.unwrap().raw).unwrap();
    assert_eq!(raw["bank"]["discountBanks"], serde_json::json!([]), "an empty list may also be one that was not found");
    sandbox.shutdown().await;
}

#[tokio::test]
async fn a_test_code_is_answered_where_toss_answers_it() {
    let (sandbox, _) = sandbox().await;
    let client = |key: &str| {
        let builder = Client::builder(SecretKey::parse(key).unwrap()).base_url(sandbox.url());
        builder.test_code(ErrorCode::RejectCardPayment).build().unwrap()
    };
    let (widget, api) = (client(sandbox.secret_key()), client(API_SECRET_KEY));
    let declined = (ErrorCode::RejectCardPayment, Class::Declined);
    assert_eq!(code(api.key_in(&calls::key_in_request(), &key("k")).await), declined);
    assert_eq!(code(widget.confirm(&returned(&sandbox, "order-0001"), &key("c")).await), declined);
    assert_eq!(code(api.charge_billing_key(&calls::billing_key(), &calls::billing_charge_request(), &key("b")).await), declined);
    assert_eq!(sandbox.control().ledger(), []);
    sandbox.shutdown().await;
}
