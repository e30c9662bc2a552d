use std::time::Duration;

use http_body_util::Full;
use hyper::Request;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use toss_sandbox::{Authenticated, Code, Endpoint, Fault, NewPayment, Scope, Status, Times};

use crate::support::{DEADLINE, Lost, Reply, START, Shop, advance_until_answered, connect, exchange, refused, try_send};

const KEY: [(&str, &str); 1] = [("idempotency-key", "key-1")];

/// A fault on the first confirm, and what is true right after it.
async fn struck(fault: Fault) -> (Shop, Authenticated, Result<Reply, Lost>) {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    shop.next_confirm(fault.clone());
    let reply = shop.try_send(shop.confirm_request(&payment, &KEY)).await;
    assert_eq!(shop.control.requests()[0].fault, Some(fault));
    (shop, payment, reply)
}

fn status(shop: &Shop, payment: &Authenticated) -> Status {
    shop.control.payment(&payment.payment_key).unwrap().status
}

#[tokio::test]
async fn before_the_charge_nothing_has_happened_and_the_key_is_free() {
    for fault in [Fault::ErrorBefore, Fault::ResetBefore, Fault::TooManyRequests, Fault::InProgressConflict] {
        let (shop, payment, reply) = struck(fault.clone()).await;
        match fault {
            Fault::ErrorBefore => {
                assert_eq!(reply.unwrap().error(), refused(500, "FAILED_INTERNAL_SYSTEM_PROCESSING"));
            }
            Fault::TooManyRequests => assert_eq!(reply.unwrap().error(), refused(429, "TOO_MANY_REQUESTS")),
            Fault::InProgressConflict => {
                assert_eq!(reply.unwrap().error(), refused(409, "IDEMPOTENT_REQUEST_PROCESSING"));
            }
            _ => {
                reply.unwrap_err();
                assert_eq!(shop.control.requests()[0].status, None);
            }
        }
        assert_eq!(shop.control.ledger(), [], "{fault:?}");
        assert_eq!(status(&shop, &payment), Status::InProgress, "{fault:?}");
        let again = shop.confirm_with_key(&payment, "key-1").await;
        assert_eq!((again.status, shop.control.ledger().len()), (200, 1), "{fault:?}");
        assert!(!again.header("x-tosspayments-trace-id").contains(','), "{fault:?}: not a replay");
    }
}

#[tokio::test]
async fn after_the_charge_the_money_has_moved_and_the_key_tells_the_truth() {
    for fault in [
        Fault::ErrorAfter,
        Fault::ResetAfter,
        Fault::Html500,
        Fault::Garbage200,
        Fault::TruncatedBody,
        Fault::UnknownStatus,
        Fault::ExtraFields,
        Fault::WrongAmount,
        Fault::WrongOrderId,
    ] {
        let (shop, payment, reply) = struck(fault.clone()).await;
        match fault {
            Fault::ErrorAfter => {
                assert_eq!(reply.unwrap().error(), refused(500, "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING"));
            }
            Fault::Html500 => {
                let reply = reply.unwrap();
                assert_eq!(reply.status, 500);
                assert!(reply.header("content-type").starts_with("text/html"));
                assert!(reply.text().starts_with("<html>"));
            }
            Fault::Garbage200 => {
                let reply = reply.unwrap();
                assert_eq!((reply.status, reply.header("content-type")), (200, "application/json"));
                assert!(serde_json::from_slice::<serde_json::Value>(&reply.body).is_err());
            }
            Fault::UnknownStatus => assert_eq!(reply.unwrap().json()["status"], "SANDBOX_UNHEARD_OF"),
            Fault::ExtraFields => {
                let body = reply.unwrap().json();
                assert_eq!((&body["status"], body["sandboxExtra"].is_object()), (&"DONE".into(), true));
            }
            Fault::WrongAmount => assert_eq!(reply.unwrap().json()["totalAmount"], 45_001),
            Fault::WrongOrderId => assert_eq!(reply.unwrap().json()["orderId"], "sandbox-other-order"),
            _ => {
                reply.unwrap_err();
            }
        }
        assert_eq!(shop.control.charges("order-0001").len(), 1, "{fault:?}");
        assert_eq!(shop.control.charges("order-0001")[0].amount.get(), 45_000, "{fault:?}");
        assert!(shop.control.requests()[0].charged, "{fault:?}");
        assert_eq!(status(&shop, &payment), Status::Done, "{fault:?}");

        let again = shop.confirm_with_key(&payment, "key-1").await;
        assert_eq!(again.json(), shop.lookup(&payment).await, "{fault:?}");
        assert!(again.header("x-tosspayments-trace-id").contains(','), "{fault:?}: a replay");
        assert_eq!(shop.confirm(&payment).await.error(), refused(400, "ALREADY_PROCESSED_PAYMENT"));
        assert_eq!(shop.control.ledger().len(), 1, "{fault:?}");
    }
}

#[tokio::test]
async fn a_reset_is_a_reset_and_no_polite_end() {
    for fault in [Fault::ResetBefore, Fault::ResetAfter] {
        let shop = Shop::open().await;
        let payment = shop.pay("order-0001", 45_000);
        shop.next_confirm(fault);
        let body = format!(r#"{{"paymentKey":"{}","orderId":"order-0001","amount":45000}}"#, payment.payment_key);
        let request = format!(
            "POST /v1/payments/confirm HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: {}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            shop.basic(),
            body.len()
        );
        let mut stream = TcpStream::connect(shop.sandbox.addr()).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let end = stream.read_to_end(&mut answer).await;
        assert_eq!(end.unwrap_err().kind(), std::io::ErrorKind::ConnectionReset);
        assert_eq!(answer, b"");
    }
}

#[tokio::test]
async fn a_call_that_hangs_after_the_charge_has_charged_and_answers_late() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    shop.next_confirm(Fault::TimeoutAfter);
    let call = shop.hang(shop.confirm_request(&payment, &KEY), 1).await;
    let record = shop.control.requests().remove(0);
    assert_eq!((record.status, record.charged), (None, true));
    assert_eq!(shop.control.charges("order-0001").len(), 1);
    let replay = shop.confirm_with_key(&payment, "key-1").await;
    assert_eq!(replay.status, 200);
    shop.control.release_hung();
    let late = call.await.unwrap().unwrap();
    assert_eq!(late.body, replay.body);
    assert_eq!(shop.control.requests()[0].status, Some(200));
}

#[tokio::test]
async fn a_caller_that_gives_up_after_the_charge_has_still_paid() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    shop.next_confirm(Fault::TimeoutAfter);
    shop.hang(shop.confirm_request(&payment, &[]), 1).await.abort();
    shop.control.wait_for(|view| view.hung() == 0, DEADLINE).await.unwrap();
    assert_eq!(shop.control.requests()[0].status, None);
    assert_eq!(shop.lookup(&payment).await["status"], "DONE");
}

#[tokio::test]
async fn hanging_calls_do_not_keep_the_sandbox_from_stopping() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    shop.next_confirm(Fault::TimeoutBefore);
    let call = shop.hang(shop.confirm_request(&payment, &[]), 1).await;
    let addr = shop.sandbox.addr();
    tokio::time::timeout(DEADLINE, shop.sandbox.shutdown()).await.unwrap();
    call.await.unwrap().unwrap_err();
    assert!(TcpStream::connect(addr).await.is_err());
    assert_eq!(shop.control.ledger(), [], "the handle outlives the sandbox");
}

#[tokio::test]
async fn a_slow_body_ends_when_the_clock_says_so() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    shop.next_confirm(Fault::SlowBody { ms: 5_000 });
    let addr = shop.sandbox.addr();
    let call = tokio::spawn(try_send(addr, shop.confirm_request(&payment, &[])));
    shop.control.wait_for(|view| view.requests().next().is_some_and(|r| r.status.is_some()), DEADLINE).await.unwrap();
    let reply = advance_until_answered(&shop.control, Duration::from_millis(2_500), call).await;
    assert_eq!(reply.json()["status"], "DONE");
    assert!(shop.control.clock().now().since(START) >= Duration::from_millis(5_000));
}

#[tokio::test]
async fn declines_abort_and_other_refusals_change_nothing() {
    let (shop, payment, reply) = struck(Fault::decline(Code::REJECT_CARD_COMPANY)).await;
    let first = reply.unwrap();
    assert_eq!(first.error(), refused(403, "REJECT_CARD_COMPANY"));
    assert_eq!(status(&shop, &payment), Status::Aborted);
    assert_eq!(shop.confirm_with_key(&payment, "key-1").await.body, first.body);

    let (shop, payment, reply) = struck(Fault::status_4xx(Code::PROVIDER_ERROR)).await;
    let first = reply.unwrap();
    assert_eq!(first.error(), refused(400, "PROVIDER_ERROR"));
    assert_eq!(status(&shop, &payment), Status::InProgress);
    assert_eq!(shop.confirm_with_key(&payment, "key-1").await.body, first.body, "bound to the key");
    assert_eq!(shop.confirm_with_key(&payment, "key-2").await.status, 200);

    for (fault, status) in
        [(Fault::Decline { code: "NEVER_HEARD_OF".to_owned() }, 403), (Fault::Status4xx { code: "NEVER_HEARD_OF".to_owned() }, 400)]
    {
        let (_shop, _, reply) = struck(fault).await;
        assert_eq!(reply.unwrap().error(), refused(status, "NEVER_HEARD_OF"));
    }
}

#[tokio::test]
async fn already_processed_means_that_the_money_has_moved() {
    let (shop, payment, reply) = struck(Fault::AlreadyProcessed).await;
    assert_eq!(reply.unwrap().error(), refused(400, "ALREADY_PROCESSED_PAYMENT"));
    assert_eq!(shop.control.charges("order-0001").len(), 1);
    assert_eq!(shop.lookup(&payment).await["status"], "DONE");
}

#[tokio::test]
async fn an_expired_session_expires_the_payment() {
    let (shop, payment, reply) = struck(Fault::SessionExpired).await;
    assert_eq!(reply.unwrap().error(), refused(404, "NOT_FOUND_PAYMENT_SESSION"));
    assert_eq!(shop.lookup(&payment).await["status"], "EXPIRED");
    assert_eq!(shop.control.ledger(), []);
}

#[tokio::test]
async fn look_ups_go_wrong_too() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    assert_eq!(shop.confirm(&payment).await.status, 200);
    let by_key = format!("/v1/payments/{}", payment.payment_key);
    let by_order = "/v1/payments/orders/order-0001";
    for (endpoint, path) in [(Endpoint::Lookup, by_key.as_str()), (Endpoint::LookupByOrder, by_order)] {
        let next = |fault| shop.control.fault(fault, Scope::order(endpoint, "order-0001"), Times::Once).unwrap();
        for (fault, error) in [
            (Fault::ErrorBefore, refused(500, "FAILED_INTERNAL_SYSTEM_PROCESSING")),
            (Fault::ErrorAfter, refused(500, "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING")),
            (Fault::TooManyRequests, refused(429, "TOO_MANY_REQUESTS")),
            (Fault::status_4xx(Code::FORBIDDEN_CONSECUTIVE_REQUEST), refused(403, "FORBIDDEN_CONSECUTIVE_REQUEST")),
            (Fault::SessionExpired, refused(404, "NOT_FOUND_PAYMENT_SESSION")),
        ] {
            next(fault);
            assert_eq!(shop.get(path).await.error(), error);
        }
        next(Fault::WrongAmount);
        assert_eq!(shop.get(path).await.json()["totalAmount"], 45_001);
        next(Fault::ResetBefore);
        shop.try_send(shop.get_request(path)).await.unwrap_err();
        next(Fault::TimeoutBefore);
        let call = shop.hang(shop.get_request(path), 1).await;
        shop.control.release_hung();
        assert_eq!(call.await.unwrap().unwrap().status, 200);
        shop.control.wait_for(|view| view.hung() == 0, DEADLINE).await.unwrap();
        assert_eq!(shop.get(path).await.json()["status"], "DONE", "a look-up changes nothing");
    }
}

#[tokio::test]
async fn a_fault_waits_for_its_endpoint_its_order_and_a_valid_key() {
    let shop = Shop::open().await;
    let (mine, other) = (shop.pay("order-0001", 45_000), shop.pay("order-0002", 45_000));
    shop.control.fault(Fault::ErrorBefore, Scope::order(Endpoint::Confirm, "order-0001"), Times::Next(2)).unwrap();
    assert_eq!(shop.confirm(&other).await.status, 200);
    assert_eq!(shop.lookup(&mine).await["status"], "IN_PROGRESS");
    let mut stranger = shop.confirm_request(&mine, &[]);
    stranger.headers_mut().remove("authorization");
    assert_eq!(shop.send(stranger).await.status, 401);
    let statuses = [shop.confirm(&mine).await.status, shop.confirm(&mine).await.status, shop.confirm(&mine).await.status];
    assert_eq!(statuses, [500, 500, 200]);
}

#[tokio::test]
async fn faults_strike_until_they_are_cleared() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    shop.control.fault(Fault::Ok, Scope::any(Endpoint::Lookup), Times::Once).unwrap();
    shop.control.fault(Fault::Html500, Scope::any(Endpoint::Lookup), Times::Always).unwrap();
    let path = format!("/v1/payments/{}", payment.payment_key);
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(shop.get(&path).await.status);
    }
    shop.control.clear_faults();
    statuses.push(shop.get(&path).await.status);
    assert_eq!(statuses, [200, 500, 500, 500, 200]);
}

#[tokio::test]
async fn an_after_fault_strikes_a_replay_as_well() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    shop.control.fault(Fault::ErrorAfter, Scope::any(Endpoint::Confirm), Times::Next(2)).unwrap();
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(shop.confirm_with_key(&payment, "key-1").await.status);
    }
    assert_eq!(statuses, [500, 500, 200]);
    assert_eq!(shop.control.ledger().len(), 1);
}

#[tokio::test]
async fn one_connection_reset_leaves_the_others_alone() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    let addr = shop.sandbox.addr();
    let mut kept = connect(addr).await;
    let index = || Request::get("/").body(Full::default()).unwrap();
    assert_eq!(exchange(&mut kept, addr, index()).await.unwrap().status, 200);
    shop.next_confirm(Fault::ResetAfter);
    shop.try_send(shop.confirm_request(&payment, &[])).await.unwrap_err();
    assert_eq!(exchange(&mut kept, addr, index()).await.unwrap().status, 200);
    let fresh = shop.control.authenticate(NewPayment::new("order-0002", "주문", 1_000)).unwrap();
    assert_eq!(shop.confirm(&fresh).await.status, 200);
}
