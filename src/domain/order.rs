//! What an order is named by, and what is known of its payment.

use super::money::Won;
use serde::{Deserialize, Serialize};
use std::fmt;

/// An order's number: [`OrderId::LENGTH`] characters of `A-Za-z0-9_-`, made by the server, unguessable.
/// Toss allows 6 to 64 of these (Toss docs, `orderId`).
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OrderId(String);

/// A text that no order of this shop can have as its number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotAnOrderId;

impl fmt::Display for NotAnOrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an order number has 21 characters of A-Za-z0-9_-")
    }
}

impl std::error::Error for NotAnOrderId {}

impl OrderId {
    /// How many characters; 126 bits of randomness.
    pub const LENGTH: usize = 21;

    /// Accepts what the server could have made.
    ///
    /// # Errors
    /// [`NotAnOrderId`] for anything else.
    pub fn parse(text: &str) -> Result<OrderId, NotAnOrderId> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
        if text.len() == OrderId::LENGTH && text.bytes().all(allowed) { Ok(OrderId(text.to_owned())) } else { Err(NotAnOrderId) }
    }

    /// The characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for OrderId {
    type Error = NotAnOrderId;

    fn try_from(text: String) -> Result<OrderId, NotAnOrderId> {
        OrderId::parse(&text)
    }
}

impl From<OrderId> for String {
    fn from(id: OrderId) -> String {
        id.0
    }
}

/// Toss's name of one payment, at most 200 visible ASCII characters (Toss docs, `paymentKey`) and neither `.` nor `..`,
/// which no address can carry. Whoever knows it may confirm the payment, so `Debug` shows its beginning only, and there
/// is no `Display`.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PaymentKey(String);

/// A text that cannot be a paymentKey.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotAPaymentKey;

impl fmt::Display for NotAPaymentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a paymentKey has 1 to 200 visible ASCII characters")
    }
}

impl std::error::Error for NotAPaymentKey {}

impl PaymentKey {
    /// The most characters that Toss documents.
    pub const MAX_LENGTH: usize = 200;

    /// Accepts what Toss could have made.
    ///
    /// # Errors
    /// [`NotAPaymentKey`] for anything else.
    pub fn parse(text: &str) -> Result<PaymentKey, NotAPaymentKey> {
        let fits = (1..=PaymentKey::MAX_LENGTH).contains(&text.len()) && !matches!(text, "." | "..");
        if fits && text.bytes().all(|b| b.is_ascii_graphic()) { Ok(PaymentKey(text.to_owned())) } else { Err(NotAPaymentKey) }
    }

    /// All of it: for the call to Toss, the store and the developer panel, never for a log.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PaymentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}…", &self.0[..self.0.len().min(6)])
    }
}

impl TryFrom<String> for PaymentKey {
    type Error = NotAPaymentKey;

    fn try_from(text: String) -> Result<PaymentKey, NotAPaymentKey> {
        PaymentKey::parse(&text)
    }
}

impl From<PaymentKey> for String {
    fn from(key: PaymentKey) -> String {
        key.0
    }
}

/// One try to confirm one payment. The idempotency key is made with it and repeated with every repetition of the
/// call, so that Toss charges once however often the call is made.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Attempt {
    /// Which payment.
    pub payment_key: PaymentKey,
    /// Sent as `Idempotency-Key`.
    pub idempotency_key: String,
    /// What is charged: the order's stored total, in KRW.
    pub amount: Won,
    /// When the claim was made, in ms since 1970 UTC.
    pub claimed_at_ms: i64,
}

/// What a receipt shows of a payment that went through.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Approval {
    /// How it was paid, in Toss's words (`카드`), where Toss says.
    pub method: Option<String>,
    /// When, as Toss writes it (ISO 8601, `+09:00`).
    pub approved_at: Option<String>,
    /// Toss's receipt.
    pub receipt_url: Option<String>,
}

/// The account into which the shopper is to pay.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct DepositAccount {
    /// Toss's two-character bank code (Toss docs, institution codes).
    pub bank_code: Option<String>,
    /// The account's number.
    pub account_number: Option<String>,
    /// Whose name the account bears.
    pub holder: Option<String>,
    /// Until when, as Toss writes it.
    pub due_date: Option<String>,
}

/// Why Toss did not charge.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Decline {
    /// Toss's error code.
    pub code: String,
    /// Toss's message, to be shown as text and never to be interpreted.
    pub message: String,
    /// The HTTP status with which Toss said so.
    pub status: u16,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn order_ids_are_21_characters_of_the_nanoid_alphabet() {
        assert!(OrderId::parse("V1StGXR8_Z5jdHi6B-myT").is_ok());
        for text in
            ["", "V1StGXR8_Z5jdHi6B-my", "V1StGXR8_Z5jdHi6B-myTT", "V1StGXR8_Z5jdHi6B=myT", "V1StGXR8 Z5jdHi6B-myT", "가나다라마바사"]
        {
            assert_eq!(OrderId::parse(text), Err(NotAnOrderId), "{text:?}");
        }
    }

    #[test]
    fn a_payment_key_is_never_printed_whole() {
        let key = PaymentKey::parse("tgen_20261123_secret").unwrap();
        assert_eq!(format!("{key:?}"), "tgen_2…");
        assert_eq!(format!("{:?}", PaymentKey::parse("abc").unwrap()), "abc…");
    }

    proptest! {
        #[test]
        fn parsing_never_panics_and_never_changes_a_character(text in ".{0,220}") {
            if let Ok(id) = OrderId::parse(&text) { prop_assert_eq!(id.as_str(), &text); }
            if let Ok(key) = PaymentKey::parse(&text) {
                prop_assert_eq!(key.expose(), &text);
                let _ = format!("{key:?}");
            }
        }
    }
}
