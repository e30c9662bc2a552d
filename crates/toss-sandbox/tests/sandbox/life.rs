//! What time does to a payment.

use std::time::Duration;

use serde_json::{Value, json};
use toss_sandbox::{Fault, NewPayment, READY_FOR, SESSION_FOR};

use crate::support::{Shop, refused};

const MOMENT: Duration = Duration::from_millis(1);

#[tokio::test]
async fn a_session_lasts_ten_minutes_and_no_longer() {
    assert_eq!(SESSION_FOR, Duration::from_secs(600));
    let shop = Shop::open().await;
    let (in_time, late) = (shop.pay("order-0001", 45_000), shop.pay("order-0002", 45_000));
    shop.control.advance(SESSION_FOR - MOMENT);
    assert_eq!(shop.confirm(&in_time).await.status, 200);
    shop.control.advance(MOMENT);
    assert_eq!(shop.confirm(&late).await.error(), refused(404, "NOT_FOUND_PAYMENT_SESSION"));
    assert_eq!(shop.control.charges("order-0002"), []);

    let body = shop.lookup(&late).await;
    for field in ["card", "easyPay", "method", "receipt", "secret", "lastTransactionKey", "transactionKey", "useEscrow", "approvedAt"] {
        assert_eq!(body[field], Value::Null, "{field}");
    }
    assert_eq!(body["status"], "EXPIRED");
    assert_eq!(body["failure"]["code"], "EXPIRED_PAYMENT");
    assert_eq!((&body["balanceAmount"], &body["totalAmount"]), (&json!(45_000), &json!(45_000)));
    assert!(body["checkout"]["url"].is_string());
}

#[tokio::test]
async fn a_window_stays_open_for_thirty_minutes() {
    assert_eq!(READY_FOR, Duration::from_secs(1800));
    let shop = Shop::open().await;
    let open = |order| shop.control.open(NewPayment::new(order, "주문", 45_000)).unwrap();
    let (in_time, late) = (open("order-0001"), open("order-0002"));
    shop.control.advance(READY_FOR - MOMENT);
    shop.control.approve(&in_time.payment_key).unwrap();
    shop.control.advance(MOMENT);
    assert_eq!(shop.control.approve(&late.payment_key).unwrap_err().code, "NOT_FOUND_PAYMENT_SESSION");
    assert_eq!(shop.lookup(&late).await["status"], "EXPIRED");
    // The ten minutes count from the authentication.
    shop.control.advance(SESSION_FOR - MOMENT - MOMENT);
    assert_eq!(shop.confirm(&in_time).await.status, 200);
}

#[tokio::test]
async fn what_is_done_or_declined_does_not_expire() {
    let shop = Shop::open().await;
    let done = shop.pay("order-0001", 45_000);
    assert_eq!(shop.confirm(&done).await.status, 200);
    let declined = shop.pay("order-0002", 45_000);
    shop.next_confirm(Fault::Decline { code: "FDS_ERROR".to_owned() });
    assert_eq!(shop.confirm(&declined).await.status, 403);
    shop.control.advance(Duration::from_secs(365 * 86_400));
    assert_eq!(shop.lookup(&done).await["status"], "DONE");
    assert_eq!(shop.lookup(&declined).await["status"], "ABORTED");
}

#[tokio::test]
async fn a_confirm_that_began_in_time_is_finished_after_the_session() {
    let shop = Shop::open().await;
    let payment = shop.pay("order-0001", 45_000);
    shop.next_confirm(Fault::TimeoutBefore);
    let call = shop.hang(shop.confirm_request(&payment, &[]), 1).await;
    shop.control.advance(SESSION_FOR);
    shop.control.release_hung();
    assert_eq!(call.await.unwrap().unwrap().status, 200);
}

#[tokio::test]
async fn a_payment_lives_through_its_states_in_the_window_only_forwards() {
    let shop = Shop::open().await;
    let open = |order| shop.control.open(NewPayment::new(order, "주문", 45_000)).unwrap().payment_key;
    let code = |result: Result<Option<String>, toss_sandbox::Refused>| result.map_err(|refused| refused.code);
    let already = || Err("ALREADY_PROCESSED_PAYMENT".to_owned());

    let key = open("order-0001");
    assert_eq!(code(shop.control.cancel(&key)), Ok(None), "a closed window may be opened again");
    assert_eq!(code(shop.control.approve(&key)), Ok(None));
    assert_eq!(code(shop.control.approve(&key)), Ok(None), "a double click is no error");
    assert_eq!(code(shop.control.cancel(&key)), already());
    assert_eq!(code(shop.control.abort(&key, toss_sandbox::Code::REJECT_CARD_COMPANY)), already());

    let key = open("order-0002");
    assert_eq!(code(shop.control.abort(&key, toss_sandbox::Code::REJECT_CARD_COMPANY)), Ok(None));
    assert_eq!(code(shop.control.approve(&key)), already());
    assert_eq!(code(shop.control.cancel(&key)), already());
    assert_eq!(code(shop.control.approve("nobody")), Err("NOT_FOUND_PAYMENT".to_owned()));
}
