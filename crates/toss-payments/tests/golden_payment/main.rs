//! A payment with every field filled, spoilt one field at a time: the rest stays readable, and nothing is ever declined.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod fields;
#[path = "../support/spoil.rs"]
mod spoil;
#[path = "../support/mod.rs"]
mod support;

use fields::table;
use proptest::prelude::*;
use serde_json::{Value, json};
use support::{CARD, EVERYTHING, client, order_id, payment_key};
use toss_payments::Currency;
use toss_payments::payment::CardType;
use toss_payments::{Amount, ConfirmRequest, DecodeError, Error, ErrorCode, Method, Payment, Status, Timestamp, UnknownCause, Won};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

const ESSENTIAL: [&str; 5] = ["paymentKey", "orderId", "status", "totalAmount", "currency"];

fn golden() -> Value {
    serde_json::from_str(EVERYTHING).unwrap()
}

fn read(value: &Value) -> Result<Payment, DecodeError> {
    Payment::from_json(&value.to_string())
}

fn all_pointers() -> Vec<String> {
    spoil::pointers(&golden())
}

fn without(pointer: &str) -> Value {
    spoil::without(&golden(), pointer)
}

fn with(pointer: &str, new: Value) -> Value {
    spoil::with(&golden(), pointer, new)
}

fn wrong_values(pointer: &str) -> Vec<Value> {
    spoil::wrong_values(&golden(), pointer)
}

#[test]
fn the_table_has_every_field_of_the_golden_payment() {
    let known: Vec<&str> = table().map(|(pointer, _)| *pointer).collect();
    let missing: Vec<String> = all_pointers()
        .into_iter()
        .filter(|p| !known.contains(&p.as_str()) && !ESSENTIAL.contains(&&p[1..]))
        // List elements and the merchant's own data have tests of their own.
        .filter(|p| p != "/cancels/0" && p != "/cashReceipts/0" && p != "/metadata/cart")
        .collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn a_field_that_is_missing_null_or_of_another_type_costs_that_field_only() {
    let whole = read(&golden()).unwrap();
    for (pointer, clear) in table() {
        let mut expected = whole.clone();
        clear(&mut expected);
        assert_ne!(expected, whole, "{pointer} was never read");
        assert_eq!(read(&without(pointer)).as_ref(), Ok(&expected), "{pointer} removed");
        for wrong in wrong_values(pointer) {
            // Older documents show the easy-pay provider as a bare string, which is read.
            if *pointer == "/easyPay" && wrong.is_string() {
                continue;
            }
            assert_eq!(read(&with(pointer, wrong.clone())).as_ref(), Ok(&expected), "{pointer} = {wrong}");
        }
    }
}

#[test]
fn without_one_of_five_fields_it_is_no_payment() {
    for name in ESSENTIAL {
        let pointer = format!("/{name}");
        assert_eq!(read(&without(&pointer)), Err(DecodeError::Field(name)));
        for wrong in wrong_values(&pointer) {
            assert_eq!(read(&with(&pointer, wrong.clone())), Err(DecodeError::Field(name)), "{name} = {wrong}");
        }
    }
    for name in ["paymentKey", "orderId"] {
        assert_eq!(read(&with(&format!("/{name}"), json!(""))), Err(DecodeError::Field(name)));
    }
}

#[test]
fn elements_that_cannot_be_read_are_left_out_of_a_list() {
    let whole = read(&golden()).unwrap();
    let mut value = golden();
    let cancel = value["cancels"][0].clone();
    value["cancels"] = json!([null, 1, cancel, "x", cancel]);
    let payment = read(&value).unwrap();
    assert_eq!(payment.cancels, [whole.cancels[0].clone(), whole.cancels[0].clone()]);
}

#[test]
fn words_and_fields_that_nobody_has_heard_of_are_kept_or_ignored() {
    let whole = read(&golden()).unwrap();
    for parent in ["", "/card", "/virtualAccount", "/cancels/0"] {
        let mut value = golden();
        value.pointer_mut(parent).unwrap()["brandNew"] = json!({ "a": [1] });
        assert_eq!(read(&value).as_ref(), Ok(&whole), "{parent}");
    }
    let word = "UNHEARD_OF".to_owned();
    assert_eq!(read(&with("/status", json!(word))).unwrap().status, Status::from(word.as_str()));
    assert_eq!(read(&with("/method", json!(word))).unwrap().method, Some(Method::from(word.as_str())));
    assert_eq!(read(&with("/currency", json!(word))).unwrap().currency, Currency::from(word.as_str()));
    let card = read(&with("/card/cardType", json!(word))).unwrap().card.unwrap();
    assert_eq!(card.card_type, Some(CardType::from(word.as_str())));
    let failure = read(&with("/failure/code", json!(word))).unwrap().failure.unwrap();
    assert_eq!(failure.code, Some(ErrorCode::from(word.as_str())));
}

#[test]
fn the_golden_payment_says_what_it_says() {
    let payment = read(&golden()).unwrap();
    assert_eq!(payment.payment_key.expose(), support::PAYMENT_KEY);
    assert_eq!(payment.order_id.as_str(), support::ORDER_ID);
    assert_eq!((payment.status, payment.currency.clone()), (Status::PartialCanceled, Currency::Krw));
    assert_eq!(payment.total_amount.as_won(), Won::new(45_000).ok());
    assert_eq!(payment.balance_amount.and_then(Amount::as_won), Won::new(44_000).ok());
    assert_eq!(payment.approved_at.as_ref().and_then(Timestamp::unix_ms), Some(1_785_553_200_000));
    assert_eq!(payment.secret.unwrap().expose(), "ps_NotARealWebhookSecret0123456");
    assert_eq!(payment.metadata.unwrap()["cart"].expose(), "a1");
    assert!(payment.receipt_url.unwrap().expose().ends_with("&ref=PX"));
    let account = payment.virtual_account.unwrap();
    assert_eq!(account.account_number.unwrap().expose(), "X6505636518308");
    assert_eq!(account.depositor_name.unwrap().expose(), "김입금");
    assert_eq!(payment.card.unwrap().installment_plan_months, Some(3));
    assert_eq!(payment.cancels[0].refundable_amount.and_then(Amount::as_won), Won::new(44_000).ok());
}

#[test]
fn dollars_keep_their_cents_and_are_no_won() {
    let mut value = golden();
    value["currency"] = json!("USD");
    let text = value.to_string().replace("\"totalAmount\":45000", "\"totalAmount\":726.24");
    let payment = Payment::from_json(&text).unwrap();
    assert_eq!(payment.total_amount.to_string(), "726.24");
    assert_eq!((payment.total_won(), payment.balance_won()), (None, None));
    // Whole dollars are no won either.
    assert_eq!(read(&with("/currency", json!("USD"))).unwrap().total_won(), None);
}

#[test]
fn an_amount_past_32_and_53_bits_is_exact() {
    for (won, fits) in [(3_000_000_000, true), (Won::MAX.get(), true), (9_007_199_254_740_993, false), (i64::MAX, false)] {
        let payment = read(&with("/totalAmount", json!(won))).unwrap();
        assert_eq!(payment.total_amount.to_string(), won.to_string());
        assert_eq!(payment.total_won().map(Won::get), fits.then_some(won));
    }
}

#[test]
fn older_and_foreign_shapes_are_read() {
    let easy = read(&with("/easyPay", json!("토스페이"))).unwrap().easy_pay.unwrap();
    assert_eq!((easy.provider.as_deref(), easy.amount), (Some("토스페이"), None));
    let metadata = read(&with("/metadata", json!({ "n": 1, "o": { "a": 2 } }))).unwrap().metadata.unwrap();
    assert_eq!((metadata["n"].expose(), metadata["o"].expose()), ("1", r#"{"a":2}"#));
    let bom = format!("\u{feff}{CARD}");
    assert_eq!(Payment::from_json(&bom), Payment::from_json(CARD));
    assert!(Payment::from_json(&CARD.replacen('{', r#"{"totalAmount":1,"#, 1)).is_err());
}

/// The whole way through the public interface: spoilt bodies on a 200 are a payment or unknown, and never rejected.
#[tokio::test]
async fn no_spoilt_answer_to_a_charge_is_a_rejection() {
    let mut bodies = Vec::new();
    for pointer in all_pointers() {
        bodies.push(without(&pointer).to_string());
        bodies.extend(wrong_values(&pointer).into_iter().map(|wrong| with(&pointer, wrong).to_string()));
        bodies.push(with(&pointer, json!("UNHEARD_OF")).to_string());
    }
    bodies.extend((0..CARD.len()).step_by(7).map(|end| String::from_utf8_lossy(&CARD.as_bytes()[..end]).into_owned()));
    let server = MockServer::start().await;
    let served = bodies.clone();
    // The order of the request carries which body it gets, so that no state is shared.
    Mock::given(wiremock::matchers::any())
        .respond_with(move |request: &Request| {
            let index: usize = request.headers["idempotency-key"].to_str().unwrap().parse().unwrap();
            ResponseTemplate::new(200).set_body_string(served[index].clone())
        })
        .expect(bodies.len() as u64)
        .mount(&server)
        .await;
    let client = client(&server.uri());
    let request = ConfirmRequest::new(payment_key(), order_id(), Won::of(45_000));
    let (mut read, mut unknown) = (0, 0);
    for (index, body) in bodies.iter().enumerate() {
        let key = toss_payments::IdempotencyKey::parse(&index.to_string()).unwrap();
        match client.confirm(&request, &key).await {
            Ok(response) => {
                read += 1;
                assert_eq!((response.raw.as_str(), response.value.total_won()), (body.as_str(), request.amount.amount().as_won()));
            }
            Err(Error::Unknown(error)) => {
                unknown += 1;
                assert!(matches!(error.cause, UnknownCause::Unreadable | UnknownCause::Mismatch), "{body}: {error}");
            }
            Err(Error::Rejected(rejected)) => panic!("{body}: {rejected}"),
        }
    }
    assert!(read > 500 && unknown > 100, "{read} read, {unknown} unknown");
}

proptest! {
    #[test]
    fn what_toss_writes_is_what_is_read(
        key in "\\PC{1,220}", order in "\\PC{1,80}", status in "\\PC{0,30}", name in any::<String>(),
        total in any::<i64>(), balance in 0..=Won::MAX.get(), escrow in any::<bool>(), months in any::<u32>(),
        approved in "\\PC{0,30}", secret in any::<Option<String>>(), extra in any::<String>(),
    ) {
        prop_assume!(![".", ".."].contains(&key.as_str()) && ![".", ".."].contains(&order.as_str()));
        let mut value = json!({
            "paymentKey": key, "orderId": order, "status": status, "totalAmount": total, "currency": "KRW",
            "orderName": name, "balanceAmount": balance, "useEscrow": escrow, "approvedAt": approved, "secret": secret,
            "card": { "installmentPlanMonths": months }, "cancels": [{ "cancelAmount": total, "cancelReason": name }],
        });
        value[format!("new{extra}")] = json!(extra);
        let payment = read(&value).unwrap();
        prop_assert_eq!(payment.payment_key.expose(), key);
        prop_assert_eq!(payment.order_id.as_str(), order);
        prop_assert_eq!(payment.status.as_str(), status);
        prop_assert_eq!(payment.total_amount.to_string(), total.to_string());
        prop_assert_eq!(payment.total_won(), Won::new(total).ok());
        prop_assert_eq!(payment.balance_won(), Won::new(balance).ok());
        prop_assert_eq!(payment.order_name.as_deref(), Some(name.as_str()));
        prop_assert_eq!(payment.use_escrow, Some(escrow));
        prop_assert_eq!(payment.approved_at.as_ref().map(Timestamp::as_str), Some(approved.as_str()));
        prop_assert_eq!(payment.secret.as_ref().map(|secret| secret.expose()), secret.as_deref());
        prop_assert_eq!(payment.card.as_ref().and_then(|card| card.installment_plan_months), Some(months));
        prop_assert_eq!(payment.cancels[0].cancel_reason.as_deref(), Some(name.as_str()));
        prop_assert_eq!(payment.cancels[0].cancel_amount, Some(payment.total_amount));
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>(), cut in 0..2_000_usize) {
        prop_assert!(Payment::from_json(&text).is_err());
        let cut = String::from_utf8_lossy(&EVERYTHING.as_bytes()[..cut]).into_owned();
        prop_assert!(Payment::from_json(&cut).is_err());
    }
}
