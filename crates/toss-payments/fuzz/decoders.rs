//! What is fuzzed, from which bodies, and what has to hold.

use std::fmt::Debug;
use toss_payments::ErrorBody;
use toss_payments::billing::Billing;
use toss_payments::brandpay::AccessToken;
use toss_payments::cash_receipt::{CashReceiptEntry, CashReceiptPage};
use toss_payments::promotion::{CardPromotions, Promotions};
use toss_payments::settlement::Settlement;
use toss_payments::transaction::Transaction;
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
const CANCELLED: &[u8] = include_bytes!("../tests/golden/cancelled.json");
const BILLING: &[u8] = include_bytes!("../tests/golden/billing.json");
const ACCESS_TOKEN: &[u8] = include_bytes!("../tests/golden/access_token.json");
const TRANSACTIONS: &[u8] = include_bytes!("../tests/golden/transactions.json");
const SETTLEMENTS: &[u8] = include_bytes!("../tests/golden/settlements.json");
const CASH_RECEIPT: &[u8] = include_bytes!("../tests/golden/cash_receipt.json");
const CASH_RECEIPTS: &[u8] = include_bytes!("../tests/golden/cash_receipts.json");
const PROMOTIONS: &[u8] = include_bytes!("../tests/golden/promotions.json");

pub const DECODERS: &[Decoder] = &[
    Decoder { name: "payment", corpus: &[CARD, EVERYTHING, EXPIRED, CANCELLED], check: payment },
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
    Decoder { name: "billing", corpus: &[BILLING], check: |input| twice(input, Billing::from_json) },
    Decoder { name: "access_token", corpus: &[ACCESS_TOKEN], check: |input| twice(input, AccessToken::from_json) },
    Decoder { name: "transactions", corpus: &[TRANSACTIONS], check: |input| twice(input, Transaction::list_from_json) },
    Decoder { name: "settlements", corpus: &[SETTLEMENTS], check: |input| twice(input, Settlement::list_from_json) },
    Decoder { name: "cash_receipt", corpus: &[CASH_RECEIPT], check: |input| twice(input, CashReceiptEntry::from_json) },
    Decoder { name: "cash_receipts", corpus: &[CASH_RECEIPTS], check: |input| twice(input, CashReceiptPage::from_json) },
    Decoder { name: "promotions", corpus: &[PROMOTIONS], check: |input| twice(input, Promotions::from_json) },
    Decoder {
        name: "card_promotions",
        corpus: &[br#"{"discountCards":[{"issuerCode":"71","discountAmount":500}],"interestFreeCards":[{"issuerCode":"11","installmentFreeMonths":[2,3]}]}"#],
        check: |input| twice(input, CardPromotions::from_json),
    },
    Decoder {
        name: "error",
        corpus: &[
            r#"{"code":"REJECT_CARD_COMPANY","message":"결제 승인이 거절되었습니다."}"#.as_bytes(),
            br#"{"version":"2022-11-16","traceId":"0123456789abcdef","code":"INVALID_REQUEST","message":null}"#,
            b"<html><body>502 Bad Gateway</body></html>",
        ],
        check: error,
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

/// Reads an object; what was read once is read again, and can be printed.
fn twice<T: PartialEq + Debug, E: PartialEq + Debug>(input: &[u8], decode: fn(&str) -> Result<T, E>) -> bool {
    let Ok(text) = std::str::from_utf8(input) else { return false };
    let Ok(read) = decode(text) else { return false };
    assert_eq!(decode(text).as_ref(), Ok(&read));
    !format!("{read:?}").is_empty()
}

fn error(input: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(input) else { return false };
    let Ok(body) = ErrorBody::from_json(text) else { return false };
    let code = body.code.as_str();
    assert!((1..=100).contains(&code.len()) && code.is_ascii(), "a log is given this: {code:?}");
    assert!(body.message.len() < 20 || !format!("{body:?}").contains(&body.message), "printed the message");
    twice(input, ErrorBody::from_json)
}

fn payment(input: &[u8]) -> bool {
    let payment = std::str::from_utf8(input).ok().and_then(|text| Payment::from_json(text).ok());
    // More may be left than was paid, in a damaged body; neither is ever negative.
    payment.is_some_and(|payment| payment.total_won().into_iter().chain(payment.balance_won()).all(|won| won.get() >= 0))
        && twice(input, Payment::from_json)
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
        | Event::Unknown => {}
        _ => panic!("an event that nobody looks at"),
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
