//! What is fuzzed, from which bodies, and what has to hold.

use toss_payments::billing::Billing;
use toss_payments::brandpay::AccessToken;
use toss_payments::cash_receipt::CashReceiptPage;
use toss_payments::promotion::{CardPromotions, Promotions};
use toss_payments::webhook::{Delivery, Event, SecurityKey, Webhook};
use toss_payments::{Amount, ClientKey, OrderId, Payment, PaymentKey, SecretKey, Sensitive, Timestamp};

pub struct Decoder {
    pub name: &'static str,
    pub corpus: &'static [&'static [u8]],
    /// Panics where something does not hold; says whether the input was read.
    pub check: fn(&[u8]) -> bool,
}

const CARD: &[u8] = include_bytes!("../tests/golden/card.json");
const EVERYTHING: &[u8] = include_bytes!("../tests/golden/everything.json");
const EXPIRED: &[u8] = include_bytes!("../tests/golden/expired.json");

pub const DECODERS: &[Decoder] = &[
    Decoder { name: "payment", corpus: &[CARD, EVERYTHING, EXPIRED], check: payment },
    Decoder {
        name: "webhook",
        corpus: &[
            br#"{"createdAt":"2026-08-01T12:00:00.000000","secret":"ps_x","status":"DONE","transactionKey":"9FF1","orderId":"order-1"}"#,
            br#"{"eventType":"PAYMENT_STATUS_CHANGED","createdAt":"2026-08-01T12:00:00.12345","data":{"paymentKey":"k","orderId":"order-1","status":"DONE","totalAmount":1,"currency":"KRW"}}"#,
            br#"{"eventType":"CANCEL_STATUS_CHANGED","data":{"transactionKey":"t","cancelAmount":1.5,"cancelStatus":"DONE"}}"#,
            br#"{"eventType":"BILLING_DELETED","data":{"billingKey":"b","reason":"r"}}"#,
            br#"{"eventType":"METHOD_UPDATED","data":{"customerKey":"c","methodKey":"m","status":"ENABLED"}}"#,
            br#"{"eventType":"CUSTOMER_STATUS_CHANGED","data":{"customerKey":"c","status":"CREATED","changedAt":"2026-08-01T12:00:00"}}"#,
            br#"{"eventType":"payout.changed","createdAt":"2026-08-01T12:00:00+09:00","version":"2022-11-16","eventId":"e","entityType":"payout","entityBody":{"id":"FPA_1"}}"#,
        ],
        check: webhook,
    },
    Decoder {
        name: "billing",
        corpus: &[
            br#"{"mId":"m","customerKey":"c7f3a9d2","authenticatedAt":"2026-08-01T12:00:00+09:00","method":"card","billingKey":"Z_t5","card":{"issuerCode":"61","acquirerCode":"31","number":"43301234****123*","cardType":"x","ownerType":"y"}}"#,
            br#"{"accessToken":"Xy0E4Dv5qpMG","refreshToken":"r","tokenType":"bearer","expiresIn":2592000}"#,
        ],
        check: |input| {
            std::str::from_utf8(input).is_ok_and(|text| Billing::from_json(text).is_ok() || AccessToken::from_json(text).is_ok())
        },
    },
    Decoder {
        name: "lists",
        corpus: &[
            br#"{"hasNext":true,"lastCursor":7,"data":[{"receiptKey":"k","orderId":"order-1","amount":1,"issueStatus":"COMPLETED","failure":null}]}"#,
            br#"{"card":{"discountCards":[{"issuerCode":"71","discountAmount":500}],"interestFreeCards":[{"issuerCode":"11","installmentFreeMonths":[2,3]}]}}"#,
        ],
        check: |input| {
            std::str::from_utf8(input).is_ok_and(|text| {
                let read = [CashReceiptPage::from_json(text).is_ok(), Promotions::from_json(text).is_ok(), CardPromotions::from_json(text).is_ok()];
                read.contains(&true)
            })
        },
    },
    Decoder {
        name: "signature",
        corpus: &[
            b"v1:ClVZpDmoe3IdQ2jZU+JYpAW8/1TneBBesTxWD6c9sPU=,v1:jYN+u+8ArMXN8ofQyjm9yt/RqmcZgpHpvk7GHguGaeA=",
            b"v1:Arg6wRnhbffs1dohRzWDuoekzoqN6xLPQ1vtGFCT2PI=",
        ],
        check: signature,
    },
    Decoder {
        name: "timestamp",
        corpus: &[b"2026-08-01T12:00:00.12345+09:00", b"2026-08-01T12:00:00Z", b"1970-01-01 00:00:00", b"9999-12-31T23:59:60-23:59"],
        check: timestamp,
    },
    Decoder { name: "amount", corpus: &[b"45000", b"12.34", b"-0.5", b"9007199254740993", b"1e3"], check: amount },
    Decoder {
        name: "identifiers",
        corpus: &[b"test_gsk_0123456789abcdef", b"live_ck_0123456789abcdef", b"tviva20260801120000AbC12", b"order-20260801-0001", b".."],
        check: identifiers,
    },
];

fn payment(input: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(input) else { return false };
    let Ok(payment) = Payment::from_json(text) else { return false };
    assert_eq!(Payment::from_json(text).as_ref(), Ok(&payment));
    let _ = (format!("{payment:?}"), payment.total_won(), payment.balance_won());
    true
}

fn webhook(input: &[u8]) -> bool {
    let Ok(webhook) = Webhook::parse(input, Delivery::default()) else { return false };
    assert_eq!(Webhook::parse(input, Delivery::default()).as_ref(), Ok(&webhook));
    let key = SecurityKey::parse(&"0".repeat(64)).into_iter().collect::<Vec<_>>();
    match webhook.event {
        Event::DepositCallback(deposit) => assert!(deposit.verify(&Sensitive::new("another")).is_err()),
        Event::PayoutChanged(change) | Event::SellerChanged(change) => assert!(change.verify(&key).is_err()),
        Event::PaymentStatusChanged(hint) => assert!(hint.claims().payment_key.is_some() || hint.claims().order_id.is_some()),
        Event::CancelStatusChanged(_)
        | Event::BillingDeleted(_)
        | Event::MethodUpdated(_)
        | Event::CustomerStatusChanged(_)
        | Event::Unknown { .. } => {}
    }
    true
}

fn signature(input: &[u8]) -> bool {
    let Ok(header) = std::str::from_utf8(input) else { return false };
    let delivery = Delivery::from_headers(|name| match name {
        "tosspayments-webhook-signature" => Some(header),
        "tosspayments-webhook-transmission-time" => Some("2026-08-01T12:00:01+09:00"),
        _ => None,
    });
    let keys: Vec<SecurityKey> = SecurityKey::parse(&"0".repeat(64)).into_iter().collect();
    let body = br#"{"eventType":"payout.changed","entityBody":{}}"#;
    let Ok(Event::PayoutChanged(change)) = Webhook::parse(body, delivery).map(|webhook| webhook.event) else {
        panic!("a payout is a payout")
    };
    assert!(change.verify(&keys).is_err(), "nobody signed with this key");
    true
}

fn timestamp(input: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(input) else { return false };
    let timestamp = Timestamp::new(text);
    assert_eq!(timestamp.as_str(), text);
    // The years 0 to 9999, each way by a day of offset.
    timestamp.unix_ms().is_some_and(|ms| {
        assert!((-62_167_305_600_000..=253_402_387_200_000).contains(&ms), "{ms}");
        true
    })
}

fn amount(input: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(input) else { return false };
    let Some(amount) = Amount::parse(text) else { return false };
    assert_eq!(Amount::parse(&amount.to_string()), Some(amount));
    if let Some(won) = amount.as_won() {
        assert_eq!(amount.to_string().parse(), Ok(won.get()));
    }
    true
}

fn identifiers(input: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(input) else { return false };
    if let Ok(key) = SecretKey::parse(text) {
        let prefixes = ["test_gsk_", "test_sk_", "live_gsk_", "live_sk_"];
        assert!(prefixes.iter().any(|prefix| format!("{key:?}") == format!("SecretKey({prefix}…)")), "printed a secret");
    }
    let key = PaymentKey::parse(text);
    assert!(key.as_ref().is_ok_and(|key| key.expose() == text) || key.is_err());
    let accepted = [ClientKey::parse(text).is_ok(), OrderId::parse(text).is_ok(), key.is_ok(), SecretKey::parse(text).is_ok()];
    accepted.contains(&true)
}
