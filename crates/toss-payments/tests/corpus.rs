//! Bodies from the wild: every one is read, and of what stands in it nothing is dropped that is not named here.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "support/spoil.rs"]
mod spoil;

use serde_json::Value;
use std::fmt::Debug;
use std::fs;
use std::path::PathBuf;
use toss_payments::billing::Billing;
use toss_payments::brandpay::AccessToken;
use toss_payments::cash_receipt::CashReceiptEntry;
use toss_payments::promotion::{CardPromotions, Promotions};
use toss_payments::settlement::Settlement;
use toss_payments::transaction::Transaction;
use toss_payments::webhook::{Delivery, Event, NotAWebhook, Webhook};
use toss_payments::{Amount, ErrorBody, Payment};

/// What is not read: file, field, why.
const UNREAD: &[(&str, &str, &str)] = &[
    ("048", "/data/taxExemptionAmount", "a payment without its total is a hint of which"),
    ("048", "/data/useEscrow", "a payment without its total is a hint of which"),
    ("049", "/data/taxExemptionAmount", "a payment without its total is a hint of which"),
    ("053", "rderId", "it stands twice: without one the other is read"),
    ("053", "tatus", "it stands twice: without one the other is read"),
    ("063", "/data", "of an event that nobody has heard of there is the body"),
    ("063", "/data/anything", "of an event that nobody has heard of there is the body"),
    ("086", "Key", "an empty text names nothing: whoever published it blanked them"),
    ("086", "/orderId", "an empty text names nothing: whoever published it blanked them"),
];
/// Bodies whose copies have lost their Korean words, so that `method` is empty.
const WITHOUT_WORDS: [&str; 2] = ["022", "047"];

struct Body {
    file: String,
    kind: String,
    text: String,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

/// Notices without what they are about.
const REFUSED: &str = "webhook_refused";

/// What can be read.
fn corpus() -> Vec<Body> {
    all().into_iter().filter(|body| body.kind != REFUSED).collect()
}

fn all() -> Vec<Body> {
    let index: Vec<Value> = serde_json::from_str(&fs::read_to_string(folder().join("index.json")).unwrap()).unwrap();
    let text = |entry: &Value, name: &str| entry[name].as_str().unwrap().to_owned();
    index
        .iter()
        .map(|entry| {
            assert!(!text(entry, "source").is_empty(), "{entry}");
            let file = text(entry, "file");
            Body { kind: text(entry, "kind"), text: fs::read_to_string(folder().join(&file)).unwrap(), file }
        })
        .collect()
}

/// What a body becomes, as far as it can be compared; an error where it is not read.
fn read(kind: &str, text: &str) -> Result<Box<dyn Seen>, String> {
    fn seen<T: Seen + 'static, E: ToString>(result: Result<T, E>) -> Result<Box<dyn Seen>, String> {
        result.map(|value| Box::new(value) as Box<dyn Seen>).map_err(|error| error.to_string())
    }
    match kind {
        "payment" => seen(Payment::from_json(text)),
        "error" => seen(ErrorBody::from_json(text)),
        "transactions" => seen(Transaction::list_from_json(text)),
        "settlements" => seen(Settlement::list_from_json(text)),
        "cash_receipt" => seen(CashReceiptEntry::from_json(text)),
        "billing" => seen(Billing::from_json(text)),
        // Those of banks come as a part of all.
        "promotions" if text.contains("discountBanks") => seen(Promotions::from_json(&format!(r#"{{"bank":{text}}}"#))),
        "promotions" => seen(CardPromotions::from_json(text)),
        "access_token" => seen(AccessToken::from_json(text)),
        // Without the body itself, which is kept whole and would hide what is dropped.
        "webhook" => seen(Webhook::parse(text.as_bytes(), Delivery::default()).map(|it| {
            // Their proof is the body once more: what they claim is what is read.
            let claims = if let Event::PayoutChanged(change) | Event::SellerChanged(change) = &it.event {
                Some(change.claims().clone())
            } else {
                None
            };
            let event = claims.is_none().then_some(it.event);
            (it.event_type, it.created_at, claims, event)
        })),
        other => panic!("{other} is no kind"),
    }
}

#[test]
fn a_notice_about_nothing_is_refused_by_name() {
    let refused: Vec<Body> = all().into_iter().filter(|body| body.kind == REFUSED).collect();
    assert!(!refused.is_empty());
    for Body { file, text, .. } in refused {
        assert_eq!(Webhook::parse(text.as_bytes(), Delivery::default()).err(), Some(NotAWebhook::Field("data")), "{file}");
    }
}

trait Seen: Debug {
    fn is(&self, other: &dyn Seen) -> bool;
    fn as_any(&self) -> &dyn std::any::Any;
}

impl<T: PartialEq + Debug + 'static> Seen for T {
    fn is(&self, other: &dyn Seen) -> bool {
        other.as_any().downcast_ref::<T>() == Some(self)
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

#[test]
fn every_body_is_listed_once_and_every_listed_one_is_there() {
    let listed: Vec<String> = all().into_iter().map(|body| body.file).collect();
    let mut found: Vec<String> = fs::read_dir(folder()).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    found.retain(|name| name.ends_with(".json") && name != "index.json");
    let mut sorted = listed.clone();
    sorted.sort();
    found.sort();
    assert_eq!(sorted, found);
    assert!(found.len() >= 90, "{}", found.len());
}

#[test]
fn nothing_that_stands_in_a_body_is_dropped() {
    let mut dropped = Vec::new();
    for Body { file, kind, text } in corpus() {
        let whole: Value = serde_json::from_str(&text).unwrap();
        let value = read(&kind, &text).unwrap_or_else(|error| panic!("{file}: {error}"));
        for pointer in spoil::pointers(&whole) {
            let is_said =
                !matches!(whole.pointer(&pointer).unwrap(), Value::Null) && whole.pointer(&pointer) != Some(&Value::Array(Vec::new()));
            let without = spoil::without(&whole, &pointer).to_string();
            let is_read = read(&kind, &without).map_or(true, |other| !value.is(&*other));
            let is_excepted = UNREAD.iter().any(|(of, end, _)| file.starts_with(of) && pointer.ends_with(end));
            if is_said && !is_read && !is_excepted {
                dropped.push(format!("{file} {pointer}"));
            }
            assert!(!(is_read && is_excepted), "{file}: {pointer} is read after all");
        }
    }
    assert!(dropped.is_empty(), "dropped:\n{}", dropped.join("\n"));
}

#[test]
fn no_word_of_the_wild_is_unknown_by_accident() {
    let mut unknown = Vec::new();
    for Body { file, kind, text } in corpus() {
        if WITHOUT_WORDS.iter().any(|of| file.starts_with(of)) {
            continue;
        }
        let shown = format!("{:?}", read(&kind, &text).unwrap());
        // Printing of an open enumeration: `Unknown("WORD")`.
        unknown.extend(shown.match_indices("Unknown(\"").map(|(at, _)| format!("{file}: {}", shown[at..].split(')').next().unwrap())));
        if kind == "webhook" && shown.contains("Unknown)") && !file.starts_with("063") {
            unknown.push(file);
        }
    }
    assert_eq!(unknown, Vec::<String>::new());
}

#[test]
fn fees_add_up_however_they_are_written() {
    for Body { file, kind, text } in corpus() {
        if kind != "settlements" {
            continue;
        }
        for settlement in Settlement::list_from_json(&text).unwrap() {
            let parts = !settlement.fees.is_empty() && settlement.fees.iter().all(|fee| fee.fee.is_some());
            assert!(parts || settlement.fee.is_some(), "{file}: no fee of {settlement:?}");
        }
    }
    let quoted = Settlement::list_from_json(r#"[{"fee":"800","fees":[{"type":"BASE","fee":"800"}]}]"#).unwrap();
    assert_eq!((quoted[0].fee, quoted[0].fees[0].fee), (Amount::parse("800"), Amount::parse("800")));
}

#[test]
fn a_wild_payment_that_charged_is_never_lost_whatever_is_missing_around_it() {
    for Body { file, kind, text } in corpus() {
        if kind != "payment" {
            continue;
        }
        let whole: Value = serde_json::from_str(&text).unwrap();
        for pointer in spoil::pointers(&whole) {
            let is_essential = ["/paymentKey", "/orderId", "/status", "/totalAmount", "/currency"].contains(&pointer.as_str());
            let spoilt = Payment::from_json(&spoil::without(&whole, &pointer).to_string());
            assert_eq!(spoilt.is_err(), is_essential, "{file} without {pointer}");
        }
    }
}

#[test]
fn a_notice_of_the_wild_says_what_it_is_about() {
    for Body { file, kind, text } in corpus() {
        if kind != "webhook" {
            continue;
        }
        let webhook = Webhook::parse(text.as_bytes(), Delivery::default()).unwrap();
        match webhook.event {
            Event::PaymentStatusChanged(hint) => {
                assert!(hint.claims().payment_key.is_some() || hint.claims().order_id.is_some(), "{file}");
            }
            Event::CancelStatusChanged(hint) => assert!(hint.claims().cancel.cancel_status.is_some(), "{file}"),
            Event::DepositCallback(_)
            | Event::BillingDeleted(_)
            | Event::MethodUpdated(_)
            | Event::CustomerStatusChanged(_)
            | Event::PayoutChanged(_)
            | Event::SellerChanged(_)
            | Event::Unknown => assert_eq!(webhook.raw.claims().expose(), text, "{file}"),
            _ => panic!("{file} is an event that no test knows"),
        }
    }
}
