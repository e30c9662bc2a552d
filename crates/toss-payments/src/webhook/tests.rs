//! Every event in every form, and who believes it.

use super::*;
use crate::ids::{OrderId, TransactionKey};
use crate::payment::words::Status;
use crate::webhook::{CustomerStatus, MethodStatus};
use proptest::prelude::*;

const CARD: &str = include_str!("../../tests/golden/card.json");
const DEPOSIT: &str = r#"{"createdAt":"2026-08-01T12:00:00.000000","secret":"ps_NotARealWebhookSecret","status":"DONE","transactionKey":"9FF15E1A29D0E77C218F57262BFA4986","orderId":"order-20260801-0001"}"#;
const NOON_KST_MS: i64 = 1_785_553_200_000;

fn parse(body: &str) -> Result<Webhook, NotAWebhook> {
    Webhook::parse(body.as_bytes(), Delivery::default())
}

fn event(body: &str) -> Event {
    parse(body).unwrap().event
}

fn deposit(body: &str) -> Unverified<Deposit> {
    let Event::DepositCallback(unverified) = event(body) else { panic!("no deposit: {body}") };
    unverified
}

fn notice(data: &str) -> Result<PaymentNotice, NotAWebhook> {
    let body = format!(r#"{{"eventType":"PAYMENT_STATUS_CHANGED","createdAt":"2026-08-01T12:00:00","data":{data}}}"#);
    let Event::PaymentStatusChanged(hint) = parse(&body)?.event else { panic!("no payment: {body}") };
    Ok(hint.claims().clone())
}

#[test]
fn a_payment_event_brings_the_payment_where_it_is_whole_and_its_keys_where_it_is_not() {
    let whole = notice(CARD).unwrap();
    assert_eq!(whole.payment.as_ref().map(|payment| payment.status.clone()), Some(Status::Done));
    assert_eq!(whole.payment_key.unwrap().expose(), "tviva20260801120000AbC12");

    // The form of older documents, and the test payload that broke a strict decoder: no version.
    let three = notice(r#"{"paymentKey":"pay-key","orderId":"order-1","status":"ABORTED"}"#).unwrap();
    assert_eq!((three.status, three.payment), (Some(Status::Aborted), None));
    assert!(notice(&CARD.replace(r#""version":"2022-11-16","#, "")).unwrap().payment.is_some());

    // One key is enough to look up by; a new status word spoils nothing.
    let by_order = notice(r#"{"orderId":"order-1","status":"FROZEN"}"#).unwrap();
    assert_eq!((by_order.payment_key, by_order.status), (None, Some(Status::from("FROZEN"))));
    assert!(notice(r#"{"paymentKey":"pay-key","orderId":null}"#).is_ok());
    for nothing in [r#"{"status":"DONE"}"#, r#"{"paymentKey":"","orderId":1}"#, "null", "[]", r#""x""#, r#"{"orderId":"a","orderId":"b"}"#]
    {
        assert_eq!(notice(nothing), Err(NotAWebhook::Field("data")), "{nothing}");
    }
}

#[test]
fn every_form_of_created_at_is_read_and_none_is_needed() {
    for (written, read) in [
        (r#""2026-08-01T12:00:00.000000""#, Some(NOON_KST_MS)),
        (r#""2026-08-01T12:00:00.00000""#, Some(NOON_KST_MS)),
        (r#""2026-08-01T12:00:00.5""#, Some(NOON_KST_MS + 500)),
        (r#""2026-08-01T12:00:00""#, Some(NOON_KST_MS)),
        (r#""2026-08-01T12:00:00+09:00""#, Some(NOON_KST_MS)),
        (r#""2026-08-01T03:00:00Z""#, Some(NOON_KST_MS)),
        (r#""yesterday""#, None),
        ("null", None),
        ("1785553200", None),
    ] {
        let webhook = parse(&DEPOSIT.replace(r#""2026-08-01T12:00:00.000000""#, written)).unwrap();
        assert_eq!(webhook.created_at.and_then(|at| at.unix_ms()), read, "{written}");
    }
}

#[test]
fn a_deposit_is_believed_with_the_stored_secret_only() {
    let deposit = deposit(DEPOSIT);
    assert_eq!((deposit.claims().order_id.as_str(), &deposit.claims().status), ("order-20260801-0001", &Status::Done));
    for wrong in ["", "ps_", "ps_NotARealWebhookSecreT", "ps_NotARealWebhookSecret ", "ps_NotARealWebhookSecretX"] {
        assert_eq!(deposit.clone().verify(&Sensitive::new(wrong)), Err(VerifyError::Mismatch), "{wrong}");
    }
    let verified = deposit.verify(&Sensitive::new("ps_NotARealWebhookSecret")).unwrap();
    assert_eq!(verified.transaction_key.as_ref().map(|key| key.as_str()), Some("9FF15E1A29D0E77C218F57262BFA4986"));
}

#[test]
fn an_empty_secret_verifies_nothing_even_where_an_empty_one_is_stored() {
    let deposit = deposit(&DEPOSIT.replace("ps_NotARealWebhookSecret", ""));
    assert_eq!(deposit.verify(&Sensitive::new("")), Err(VerifyError::Mismatch));
}

#[test]
fn every_status_of_a_deposit_is_told() {
    for (word, status) in [
        ("WAITING_FOR_DEPOSIT", Status::WaitingForDeposit),
        ("CANCELED", Status::Canceled),
        ("PARTIAL_CANCELED", Status::PartialCanceled),
        ("FROZEN", Status::from("FROZEN")),
    ] {
        assert_eq!(deposit(&DEPOSIT.replace("DONE", word)).claims().status, status);
    }
    // Named as the documents name it, it stays what it is.
    assert_eq!(deposit(&DEPOSIT.replacen('{', r#"{"eventType":"DEPOSIT_CALLBACK","#, 1)), deposit(DEPOSIT));
}

#[test]
fn a_nameless_object_is_a_deposit_or_nothing() {
    for (field, body) in [
        ("secret", DEPOSIT.replace("secret", "sekret")),
        ("secret", "{}".to_owned()),
        ("orderId", DEPOSIT.replace("orderId", "order")),
        ("status", DEPOSIT.replace(r#""DONE""#, "null")),
    ] {
        assert_eq!(parse(&body).err(), Some(NotAWebhook::Field(field)), "{body}");
    }
    let wrapped = format!(r#"{{"eventType":"DEPOSIT_CALLBACK","data":{}}}"#, DEPOSIT.replace("secret", "sekret"));
    assert_eq!(parse(&wrapped).err(), Some(NotAWebhook::Field("secret")));
}

#[test]
fn the_other_events_bring_what_they_are_about() {
    let Event::CancelStatusChanged(cancel) =
        event(r#"{"eventType":"CANCEL_STATUS_CHANGED","data":{"transactionKey":"tx-1","cancelAmount":12.34,"cancelStatus":"ABORTED"}}"#)
    else {
        panic!("no cancel")
    };
    assert_eq!(cancel.claims().cancel.transaction_key.as_ref().map(TransactionKey::as_str), Some("tx-1"));

    let Event::BillingDeleted(billing) = event(r#"{"eventType":"BILLING_DELETED","data":{"billingKey":"b-1","reason":"left"}}"#) else {
        panic!("no billing key")
    };
    assert_eq!((billing.claims().billing_key.expose(), billing.claims().reason.as_deref()), ("b-1", Some("left")));

    for (word, status) in [("DISABLED", MethodStatus::Disabled), ("ENABLE", MethodStatus::from("ENABLE"))] {
        let body = format!(r#"{{"eventType":"METHOD_UPDATED","data":{{"customerKey":"c-1","methodKey":"m-1","status":"{word}"}}}}"#);
        let Event::MethodUpdated(method) = event(&body) else { panic!("no method") };
        assert_eq!((method.claims().method_key.expose(), method.claims().status.clone()), ("m-1", Some(status)));
    }

    let Event::CustomerStatusChanged(customer) = event(
        r#"{"eventType":"CUSTOMER_STATUS_CHANGED","data":{"customerKey":"c-1","status":"REMOVED","changedAt":"2026-08-01T12:00:00"}}"#,
    ) else {
        panic!("no customer")
    };
    assert_eq!(customer.claims().status, Some(CustomerStatus::Removed));
    assert_eq!(customer.claims().changed_at.as_ref().and_then(Timestamp::unix_ms), Some(NOON_KST_MS));

    for kind in ["CANCEL_STATUS_CHANGED", "BILLING_DELETED", "METHOD_UPDATED", "CUSTOMER_STATUS_CHANGED"] {
        assert_eq!(parse(&format!(r#"{{"eventType":"{kind}","data":null}}"#)).err(), Some(NotAWebhook::Field("data")), "{kind}");
    }
    for kind in ["payout.changed", "seller.changed"] {
        for body in ["", r#","entityBody":null"#, r#","entityBody":[]"#] {
            let body = format!(r#"{{"eventType":"{kind}"{body}}}"#);
            assert_eq!(parse(&body).err(), Some(NotAWebhook::Field("entityBody")), "{body}");
        }
    }
}

#[test]
fn every_word_of_the_events_is_read_and_written_back() {
    for word in MethodStatus::KNOWN {
        assert!(!matches!(MethodStatus::from(*word), MethodStatus::Unknown(_)), "{word}");
    }
    for word in CustomerStatus::KNOWN {
        assert!(!matches!(CustomerStatus::from(*word), CustomerStatus::Unknown(_)), "{word}");
    }
}

#[test]
fn an_event_of_tomorrow_is_kept_whole() {
    for kind in ["ORDER_PAYMENT_STATUS_CHANGED", "PAYOUT_STATUS_CHANGED", "ars-reservation.changed", "TOMORROW", ""] {
        let body = format!(r#"{{"eventType":"{kind}","data":{{"x":1}}}}"#);
        let webhook = parse(&body).unwrap();
        assert_eq!(webhook.event, Event::Unknown, "{kind}");
        assert_eq!((webhook.event_type.as_deref(), webhook.raw.claims().expose()), (Some(kind), body.as_str()));
    }
}

#[test]
fn what_is_no_webhook_is_refused_by_reason() {
    for body in ["", "null", "[]", "{", r#"{"eventType":"A","eventType":"B"}"#, r#"{"a":1} {"#] {
        assert_eq!(parse(body).err(), Some(NotAWebhook::NotAnObject), "{body}");
    }
    assert_eq!(Webhook::parse(b"{\"a\":\"\xff\"}", Delivery::default()).err(), Some(NotAWebhook::NotAnObject));
    let limit = format!("{DEPOSIT}{}", " ".repeat(BODY_MAX - DEPOSIT.len()));
    assert!(parse(&limit).is_ok());
    assert_eq!(parse(&format!("{limit} ")).err(), Some(NotAWebhook::TooLarge));
    assert!(parse(&format!("\u{feff}{DEPOSIT}")).is_ok());
    // Deep enough to exhaust the stack of a reader that recurses.
    let deep = format!(r#"{{"eventType":"X","data":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    assert!(matches!(parse(&deep).map(|webhook| webhook.event), Ok(Event::Unknown) | Err(NotAWebhook::NotAnObject)));
}

#[test]
fn the_headers_are_read_and_strange_ones_are_none() {
    let long = "x".repeat(1025);
    let delivery = |count: &'static str, id: &str| {
        Delivery::from_headers(|name| match name {
            "tosspayments-webhook-transmission-id" => Some(id),
            "tosspayments-webhook-transmission-time" => Some("2026-08-01T12:00:00+09:00"),
            "tosspayments-webhook-transmission-retried-count" => Some(count),
            "tosspayments-webhook-signature" => Some("v1:c2VjcmV0"),
            other => panic!("{other}"),
        })
    };
    let read = delivery("7", "whtrans_1");
    assert_eq!((read.transmission_id.as_deref(), read.retried_count), (Some("whtrans_1"), Some(7)));
    assert_eq!(read.transmission_time.as_ref().and_then(Timestamp::unix_ms), Some(NOON_KST_MS));
    assert!(format!("{read:?}").contains("is_signed: true") && !format!("{read:?}").contains("c2VjcmV0"));
    for count in ["", "-1", "many", "4294967296"] {
        assert_eq!(delivery(count, "").retried_count, None);
    }
    assert_eq!(delivery("0", &long).transmission_id, None);
    assert_eq!(Delivery::from_headers(|_| None), Delivery::default());
}

#[test]
fn nothing_that_is_printed_has_a_secret_or_a_whole_key() {
    let payment = CARD.replace(r#""secret":null"#, r#""secret":"ps_NotARealWebhookSecret""#);
    for body in [
        DEPOSIT.to_owned(),
        format!(r#"{{"eventType":"PAYMENT_STATUS_CHANGED","data":{payment}}}"#),
        format!(r#"{{"eventType":"TOMORROW","data":{payment}}}"#),
        format!(r#"{{"eventType":"payout.changed","entityBody":{payment}}}"#),
        r#"{"eventType":"BILLING_DELETED","data":{"billingKey":"tviva20260801120000AbC12"}}"#.to_owned(),
        r#"{"eventType":"METHOD_UPDATED","data":{"customerKey":"ps_NotARealWebhookSecret","methodKey":"tviva20260801120000AbC12"}}"#
            .to_owned(),
    ] {
        let webhook = parse(&body).unwrap();
        let printed = format!("{webhook:?} {webhook:#?}");
        assert!(!printed.contains("NotARealWebhookSecret") && !printed.contains("120000AbC12"), "{printed}");
    }
}

proptest! {
    #[test]
    fn no_body_makes_it_panic(body in any::<Vec<u8>>(), cut in 0..DEPOSIT.len(), at in 0..DEPOSIT.len(), byte in any::<u8>()) {
        let _ = Webhook::parse(&body, Delivery::default());
        prop_assert!(parse(&DEPOSIT[..cut]).is_err());
        let mut changed = DEPOSIT.as_bytes().to_vec();
        changed[at] = byte;
        let _ = Webhook::parse(&changed, Delivery::default());
    }
}

#[test]
fn a_cancel_that_names_nothing_keeps_its_body() {
    let body =
        r#"{"eventType":"CANCEL_STATUS_CHANGED","data":{"cancelStatus":"ABORTED","orderId":"order-1","failReason":"refused abroad"}}"#;
    let webhook = parse(body).unwrap();
    let Event::CancelStatusChanged(hint) = &webhook.event else { panic!("{webhook:?}") };
    let CancelNotice { order_id, payment_key, cancel } = hint.claims();
    assert_eq!((order_id.as_ref().map(OrderId::as_str), payment_key), (Some("order-1"), &None));
    assert_eq!((&cancel.cancel_status, &cancel.transaction_key), (&Some(crate::payment::CancelStatus::Aborted), &None));
    assert_eq!(webhook.raw.claims().expose(), body);
    assert!(!format!("{webhook:?}").contains("refused abroad"), "nothing vouches for it, and nobody prints it");
}

#[test]
fn a_deposit_callback_that_is_wrapped_is_read_all_the_same() {
    let data = r#"{"secret":"ps_made-up","status":"DONE","orderId":"order-1","transactionKey":"tx-1"}"#;
    let outside = r#"{"eventType":"DEPOSIT_CALLBACK","secret":"ps_made-up","status":"DONE","orderId":"order-1","data":{"paymentKey":"p"}}"#;
    let wrapped = format!(r#"{{"eventType":"DEPOSIT_CALLBACK","createdAt":"2026-08-01T12:00:00","data":{data}}}"#);
    for body in [data, outside, &wrapped] {
        let Event::DepositCallback(deposit) = event(body) else { panic!("{body}") };
        let deposit = deposit.verify(&Sensitive::new("ps_made-up")).unwrap();
        assert_eq!((deposit.order_id.as_str(), &deposit.status), ("order-1", &Status::Done));
    }
}
