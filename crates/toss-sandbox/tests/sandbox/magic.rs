//! Magic words in the name of an order, through the public interface.

use toss_sandbox::{Endpoint, Fault, MAGIC_WORDS, NewPayment, Scope, Status, Times};

use crate::{
    api::{Api, key_in, with},
    support::{Shop, refused},
};
use serde_json::json;

fn named(word: &str) -> NewPayment {
    NewPayment::new("order-0001", format!("토스 티셔츠 {word}"), 45_000)
}

#[tokio::test]
async fn a_declined_name_is_declined_and_an_expired_one_expires() {
    for (word, error, status) in [
        ("#declined", refused(403, "REJECT_CARD_COMPANY"), Status::Aborted),
        ("#limit", refused(403, "REJECT_CARD_PAYMENT"), Status::Aborted),
        ("#expired", refused(404, "NOT_FOUND_PAYMENT_SESSION"), Status::Expired),
    ] {
        let shop = Shop::open().await;
        let payment = shop.control.authenticate(named(word)).unwrap();
        assert_eq!(shop.confirm(&payment).await.error(), error, "{word}");
        assert_eq!(shop.control.payment(&payment.payment_key).unwrap().status, status, "{word}");
        assert_eq!(shop.control.ledger(), []);
    }
}

#[tokio::test]
async fn magic_acts_each_time_and_tells_the_truth_to_a_look_up() {
    for (word, charges) in [("#lost", 1), ("#reset", 0)] {
        let shop = Shop::open().await;
        let payment = shop.control.authenticate(named(word)).unwrap();
        for _ in 0..3 {
            let lost = shop.try_send(shop.confirm_request(&payment, &[("idempotency-key", "key-1")])).await;
            lost.unwrap_err();
        }
        assert_eq!(shop.control.charges("order-0001").len(), charges, "{word}");
        let status = if charges == 1 { "DONE" } else { "IN_PROGRESS" };
        assert_eq!(shop.lookup(&payment).await["status"], status, "{word}");
    }
}

#[tokio::test]
async fn a_fault_that_waits_goes_before_the_magic() {
    let shop = Shop::open().await;
    let payment = shop.control.authenticate(named("#lost")).unwrap();
    shop.control.fault(Fault::ErrorBefore, Scope::any(Endpoint::Confirm), Times::Once).unwrap();
    assert_eq!(shop.confirm(&payment).await.error(), refused(500, "FAILED_INTERNAL_SYSTEM_PROCESSING"));
}

#[tokio::test]
async fn magic_works_without_a_window_too() {
    let shop = Shop::open().await;
    let body = with(&key_in(), json!({ "orderName": "월 구독 #declined" }));
    assert_eq!(Api::of(&shop).post("/v1/payments/key-in", body).await.error(), refused(403, "REJECT_CARD_COMPANY"));
    assert_eq!(shop.control.ledger(), []);
}

#[test]
fn every_magic_word_says_what_it_does() {
    for magic in MAGIC_WORDS {
        assert!(magic.word.starts_with('#') && !magic.what.is_empty());
    }
}
