//! Every object beside the payment, spoilt one field at a time: each field is read, and costs nothing but itself.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "support/spoil.rs"]
mod spoil;

use serde_json::{Value, json};
use toss_payments::billing::Billing;
use toss_payments::brandpay::AccessToken;
use toss_payments::cash_receipt::CashReceiptPage;
use toss_payments::promotion::{CardPromotions, Promotions};
use toss_payments::settlement::{FeeType, Settlement};
use toss_payments::transaction::Transaction;
use toss_payments::{Amount, DecodeError, Status, Won};

const BILLING: &str = include_str!("golden/billing.json");
const TRANSACTIONS: &str = include_str!("golden/transactions.json");
const SETTLEMENTS: &str = include_str!("golden/settlements.json");
const CASH_RECEIPTS: &str = include_str!("golden/cash_receipts.json");
const PROMOTIONS: &str = include_str!("golden/promotions.json");
const ACCESS_TOKEN: &str = include_str!("golden/access_token.json");

/// Checks an object: without an essential field it is an error; without any other it differs from the whole in the same
/// way, whether the field is missing, null or of another type.
fn check<T: PartialEq + std::fmt::Debug>(text: &str, essential: &[&str], decode: fn(&str) -> Result<T, DecodeError>) {
    let golden: Value = serde_json::from_str(text).unwrap();
    let read = |value: Value| decode(&value.to_string());
    let whole = read(golden.clone()).unwrap();
    for pointer in spoil::pointers(&golden) {
        let removed = read(spoil::without(&golden, &pointer));
        // An element of a list may be missing; as something else it spoils a ledger.
        let is_element = pointer.rsplit('/').next().unwrap().parse::<usize>().is_ok();
        if essential.contains(&pointer.as_str()) && !is_element {
            assert!(removed.is_err(), "{pointer} removed");
        } else {
            assert_ne!(removed.as_ref(), Ok(&whole), "{pointer} was never read");
            removed.as_ref().unwrap_or_else(|error| panic!("{pointer} removed: {error}"));
        }
        for wrong in spoil::wrong_values(&golden, &pointer) {
            let spoilt = read(spoil::with(&golden, &pointer, wrong.clone()));
            if essential.contains(&pointer.as_str()) {
                // An empty object is readable where nothing in it is essential.
                assert!(spoilt.is_err() || wrong == json!({}), "{pointer} = {wrong}");
            } else if !(pointer.ends_with("/easyPay") && wrong.is_string()) {
                assert_eq!(spoilt, removed, "{pointer} = {wrong}");
            }
        }
        // A word that nobody has heard of is a word.
        if golden.pointer(&pointer).unwrap().is_string() {
            assert!(read(spoil::with(&golden, &pointer, json!("UNHEARD_OF"))).is_ok(), "{pointer}");
        }
    }
    for end in 0..text.len() {
        assert!(decode(&String::from_utf8_lossy(&text.as_bytes()[..end])).is_err() || text[end..].trim().is_empty(), "cut at {end}");
    }
    assert_eq!(decode(&format!("\u{feff}{text}")).as_ref(), Ok(&whole), "a byte order mark");
}

#[test]
fn each_field_of_each_object_costs_nothing_but_itself() {
    check(BILLING, &["/billingKey", "/customerKey"], Billing::from_json);
    check(TRANSACTIONS, &["/0", "/1"], Transaction::list_from_json);
    check(SETTLEMENTS, &["/0"], Settlement::list_from_json);
    check(ACCESS_TOKEN, &["/accessToken"], AccessToken::from_json);
    check(PROMOTIONS, &[], Promotions::from_json);
    check(CASH_RECEIPTS, &["/hasNext", "/data", "/data/0"], CashReceiptPage::from_json);
}

#[test]
fn a_page_of_receipts_that_goes_on_says_where() {
    let goes_on = |cursor: &str| CashReceiptPage::from_json(&format!(r#"{{"hasNext":true{cursor},"data":[]}}"#));
    assert_eq!(goes_on(r#","lastCursor":7"#).unwrap().last_cursor, Some(7));
    for cursor in ["", r#","lastCursor":null"#, r#","lastCursor":"7""#, r#","lastCursor":-1"#] {
        assert_eq!(goes_on(cursor), Err(DecodeError::Field("lastCursor")), "{cursor}");
    }
}

#[test]
fn what_was_read_is_what_stands_there() {
    let billing = Billing::from_json(BILLING).unwrap();
    assert_eq!(billing.transfers[0].bank_account_number.as_ref().unwrap().expose(), "1000****0001");
    let ledger = Transaction::list_from_json(TRANSACTIONS).unwrap();
    assert_eq!((ledger[0].amount, ledger[1].amount), (Some(Won::new(45_000).unwrap().into()), Amount::parse("-1000")));
    assert_eq!(ledger[1].status, Some(Status::PartialCanceled));
    let settlement = &Settlement::list_from_json(SETTLEMENTS).unwrap()[0];
    assert_eq!((settlement.fees[0].fee_type.clone(), settlement.fees[0].fee), (Some(FeeType::Base), Amount::parse("1350")));
    let promotions = Promotions::from_json(PROMOTIONS).unwrap().card.unwrap();
    assert_eq!(promotions.interest_free_cards[0].installment_free_months, [2, 3]);
    let card: Value = serde_json::from_str(PROMOTIONS).unwrap();
    assert_eq!(CardPromotions::from_json(&card["card"].to_string()), Ok(promotions));
}
