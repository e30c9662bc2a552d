//! After the payment: deposits and what becomes of them, webhooks, refunds, as the shopper's page shows them.

use crate::app::{Order, TestApp};
use payment_engine::RefundRequest;
use payment_engine::order::{Progress, State};
use payment_engine::toss_payments::{CancelReason, Won};
use serde_json::json;
use std::time::{Duration, Instant};
use toss_sandbox::{DeliveryState, Method, OperatorRefund};
use toss_types::OrderId;

const DEADLINE: Duration = Duration::from_secs(20);

async fn waiting(app: &TestApp) -> (crate::app::Browser, Order, String) {
    let (browser, order) = app.order().await;
    let key = app.approve_by(&order, Method::VirtualAccount);
    browser.follow(&order.success(&key)).await;
    app.told().await;
    (browser, order, key)
}

async fn paid(app: &TestApp) -> (crate::app::Browser, Order, String) {
    let (browser, order) = app.order().await;
    let key = app.approve(&order);
    browser.follow(&order.success(&key)).await;
    app.told().await;
    (browser, order, key)
}

fn id(order: &Order) -> OrderId {
    OrderId::parse(&order.id).unwrap()
}

fn refund(won: Option<u32>) -> RefundRequest {
    let all = RefundRequest::new(CancelReason::parse("한 벌 반품").unwrap());
    match won {
        Some(won) => all.amount(Won::of(won)),
        None => all,
    }
}

#[tokio::test]
async fn the_page_of_a_deposit_says_where_and_until_when_and_turns_to_paid() {
    let app = TestApp::start().await;
    let (browser, order, key) = waiting(&app).await;
    let page = browser.get(&order.page()).await;
    for text in [
        "입금해 주세요",
        "50,000원",
        "까지",
        "남은 시간",
        "계좌번호",
        "data-copy=",
        "<noscript><meta http-equiv=\"refresh\" content=\"10\"",
    ] {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    let State::AwaitingDeposit { account, .. } = app.record(&order.id).await.state else { panic!() };
    let bank =
        toss_checkout::domain::banks::bank_name(account.bank_code.as_deref().unwrap(), toss_checkout::domain::lang::Lang::Ko).unwrap();
    assert!(page.body.contains(bank) && page.body.contains(account.account_number.as_deref().unwrap()));
    assert!(!page.body.contains(account.secret.as_deref().unwrap()), "what Toss's notices prove themselves with");

    // Two tabs wait, in another process than the one that hears of it for all they know.
    let version = app.record(&order.id).await.version;
    let question = json!({"order_id": order.id, "seen": version});
    let began = Instant::now();
    let tabs = async { tokio::join!(browser.post_json("/api/await_order", &question), browser.post_json("/api/await_order", &question)) };
    let bank = async {
        app.sandbox.deposit(&key).unwrap();
        app.told().await;
    };
    let ((one, two), ()) = tokio::join!(tabs, bank);
    assert_eq!((one.body.as_str(), two.body.as_str()), ("\"Known\"", "\"Known\""));
    assert!(began.elapsed() < DEADLINE, "neither waited for its time to run out");
    let page = browser.get(&order.page()).await;
    assert!(page.body.contains("결제를 완료했어요") && page.body.contains("잠시 뒤에 상품을 준비해요"), "{}", page.body);

    app.sandbox.reverse_deposit(&key).unwrap();
    app.advance(Duration::from_secs(3));
    app.told().await;
    let page = browser.get(&order.page()).await;
    assert!(page.body.contains("다시 입금해야 해요") && page.body.contains("은행에서 입금을 취소했어요"), "{}", page.body);
    app.sandbox.deposit(&key).unwrap();
    app.advance(Duration::from_secs(3));
    app.told().await;
    app.advance(Duration::from_secs(130));
    app.told().await;
    let page = browser.get(&order.page()).await;
    assert!(page.body.contains("결제를 완료했어요") && !page.body.contains("잠시 뒤에"), "goods may leave");
    app.finish().await;
}

#[tokio::test]
async fn nobody_is_asked_to_transfer_to_an_account_that_is_over() {
    let app = TestApp::start().await;
    let (browser, order, _) = waiting(&app).await;
    let State::AwaitingDeposit { account, .. } = app.record(&order.id).await.state else { panic!() };
    let left = account.due_at_ms.unwrap() - app.ctx.engine.now_ms();
    app.advance(Duration::from_millis(u64::try_from(left).unwrap() + 1_000));
    for looked in [false, true] {
        let page = browser.get(&order.page()).await;
        assert!(page.body.contains("입금 기한이 지났어요"), "looked at {looked}: {}", page.body);
        let shown = page.body.split("<details").next().unwrap();
        assert!(!shown.contains(account.account_number.as_deref().unwrap()), "looked at {looked}; developers see what Toss said");
        app.told().await;
    }
    let english = browser.get_with(&order.page(), ("accept-language", "en")).await;
    assert!(english.body.contains("The time for the transfer is over"), "{}", english.body);
    app.finish().await;
}

#[tokio::test]
async fn refunds_are_on_the_receipt_wherever_they_were_made() {
    let app = TestApp::start().await;
    let (browser, order, key) = paid(&app).await;
    let done = app.ctx.engine.refund(&id(&order), refund(Some(20_000)), DEADLINE).await.unwrap();
    assert!(matches!(done.progress, Progress::Done { .. }));
    app.sandbox.refund(&key, OperatorRefund::part(5_000).because("콘솔에서")).unwrap();
    app.advance(Duration::from_secs(3));
    app.told().await;
    let page = browser.get(&order.page()).await;
    for text in ["환불", "20,000원", "한 벌 반품", "5,000원", "콘솔에서", "환불 후 결제 금액", "25,000원", "영업일 기준 3~4일"]
    {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    app.ctx.engine.refund(&id(&order), refund(None), DEADLINE).await.unwrap();
    let page = browser.get(&order.page()).await;
    assert!(page.body.contains("환불된 주문이에요") && page.body.contains("0원"), "{}", page.body);
    let english = browser.get_with(&order.page(), ("accept-language", "en")).await;
    assert!(english.body.contains("This order was refunded") && english.body.contains("3 to 4 business days"), "{}", english.body);
    app.finish().await;
}

#[tokio::test]
async fn a_webhook_is_answered_with_200_before_anything_comes_of_it() {
    let app = TestApp::start().await;
    let (_, order, key) = paid(&app).await;
    assert!(app.sandbox.webhooks().iter().all(|webhook| webhook.state == DeliveryState::Delivered));
    let browser = app.browser();
    let look_ups = || app.sandbox.requests().iter().filter(|request| request.method == "GET").count();
    let before = look_ups();
    let told = json!({"eventType": "PAYMENT_STATUS_CHANGED", "data": {"paymentKey": key, "orderId": order.id, "status": "CANCELED"}});
    let answer = browser.post_json("/webhooks/toss", &told).await;
    assert_eq!((answer.status, answer.body.as_str(), look_ups()), (200, "", before), "kept, and nothing else");
    app.told().await;
    assert_eq!(look_ups(), before + 1);
    assert!(matches!(app.record(&order.id).await.state, State::Paid { .. }), "it was a lie");
    for (kind, body, status) in [
        ("application/json", "{".to_owned(), 400),
        ("application/json", "[]".to_owned(), 400),
        ("text/plain", "hello".to_owned(), 400),
        ("application/json", "x".repeat(70_000), 413),
        ("application/json", r#"{"eventType":"SOMETHING_NEW","data":{}}"#.to_owned(), 200),
        (
            "text/plain",
            json!({"eventType": "PAYMENT_STATUS_CHANGED", "data": {"orderId": "of-another-shop", "status": "DONE"}}).to_string(),
            200,
        ),
    ] {
        let answer = browser.post("/webhooks/toss", kind, body.clone()).await;
        assert_eq!(answer.status, status, "{:.60}: {}", body, answer.body);
    }
    let refused = browser.request("GET", "/webhooks/toss", &[], "").await;
    assert_eq!(refused.status, 405);
    let foreign = browser.post_from("/webhooks/toss", "https://evil.example", &told).await;
    assert_eq!(foreign.status, 403, "no page posts webhooks");
    let english = browser.request("POST", "/webhooks/toss", &[("accept-language", "en")], "{}").await;
    assert!(english.body.contains("not a webhook of Toss Payments"), "{}", english.body);
    assert_eq!(look_ups(), before + 1);
    app.finish().await;
}
