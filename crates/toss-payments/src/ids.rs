//! Identifiers: limits enforced on what we send, tolerance for what Toss sends.
//!
//! The limits are those of the Toss docs `/reference` and `/guides/using-api/idempotency-key`. What other parts of a shop
//! know as well comes from [`toss_types`].

mod billing;

pub use billing::{AccessCode, AuthKey, BillingKey, CancelRequestId, ReceiptKey, TransactionKey};
pub use toss_types::{CustomerKey, IdError, IdempotencyKey, OrderId, PaymentKey};

use crate::body::put_text;
use crate::limited::decoded;
use crate::object::Essential;

/// Visible ASCII that stays one segment of a URL.
fn in_a_url(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_graphic()) && !is_dots(text)
}

fn of_an_order_id(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'='))
}

/// As a segment of a URL these two mean another address, however they are encoded (WHATWG URL standard).
fn is_dots(text: &str) -> bool {
    text == "." || text == ".."
}

/// What Toss sent can go back to it in a URL, whatever it looks like, as long as it names something.
pub(crate) fn usable(text: &str) -> bool {
    !text.is_empty() && !is_dots(text)
}

decoded!(PaymentKey, OrderId, CustomerKey);
put_text!(PaymentKey => expose, OrderId => as_str, CustomerKey => expose);

impl Essential for PaymentKey {}
impl Essential for OrderId {}
impl Essential for CustomerKey {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::FromJson;

    #[test]
    fn what_toss_sends_is_taken_as_it_is() {
        let long = "키".repeat(300);
        let json = format!("\"{long}\"");
        assert_eq!(PaymentKey::from_json(&json).unwrap().expose(), long);
        assert_eq!(CustomerKey::from_json(&json).unwrap().expose(), long);
        assert_eq!(OrderId::from_json("\"1 2\"").unwrap().as_str(), "1 2");
        for nothing in ["\"\"", "\".\"", "\"..\"", "null", "1"] {
            assert_eq!(PaymentKey::from_json(nothing), None, "{nothing}");
            assert_eq!(OrderId::from_json(nothing), None, "{nothing}");
            assert_eq!(CustomerKey::from_json(nothing), None, "{nothing}");
        }
        assert_eq!(PaymentKey::from_json("\"orders\""), None, "no payment of that name");
    }
}
