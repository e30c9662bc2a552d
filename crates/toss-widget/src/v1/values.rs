//! What the widget answers, and the reasons it takes.

use std::fmt;
use toss_types::{OrderId, PaymentKey, Won};

/// Why an amount changed. It feeds Toss's conversion reports, not the charge (types, `updateAmount`).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum UpdateReason {
    /// A coupon: the widget's own `UPDATE_REASON.COUPON`.
    Coupon,
    /// Points: the widget's own `UPDATE_REASON.POINT`.
    Point,
    /// A reason of the shop's.
    Other(String),
}

/// The kind of a payment or of a chosen method (types, `type` and `paymentType`).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PaymentType {
    /// An ordinary method.
    Normal,
    /// BrandPay, the shop's own stored methods.
    BrandPay,
    /// A card number typed in.
    KeyIn,
    /// A method of the shop's own; only ever chosen, never paid through the widget.
    Custom,
    /// A kind that this crate does not know.
    Unknown(String),
}

impl PaymentType {
    /// Reads Toss's word, from the SDK or from the `paymentType` parameter of a `successUrl`.
    #[must_use]
    pub fn parse(word: &str) -> PaymentType {
        match word {
            "NORMAL" => PaymentType::Normal,
            "BRANDPAY" => PaymentType::BrandPay,
            "KEYIN" => PaymentType::KeyIn,
            "CUSTOM" => PaymentType::Custom,
            _ => PaymentType::Unknown(word.to_owned()),
        }
    }

    /// The word as Toss writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            PaymentType::Normal => "NORMAL",
            PaymentType::BrandPay => "BRANDPAY",
            PaymentType::KeyIn => "KEYIN",
            PaymentType::Custom => "CUSTOM",
            PaymentType::Unknown(word) => word,
        }
    }
}

/// The method that is chosen right now (types, `getSelectedPaymentMethod`).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SelectedMethod {
    /// The kind of method.
    pub kind: PaymentType,
    /// Its Korean name, such as 카드.
    pub method: Option<String>,
    /// The stored method (BrandPay).
    pub method_id: Option<String>,
    /// The provider of an easy payment, such as 토스페이.
    pub easy_pay_provider: Option<String>,
    /// The key of a method of the shop's own.
    pub payment_method_key: Option<String>,
}

/// What the buyer has agreed to (types, `AgreementStatus`).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AgreementStatus {
    /// Whether all required terms are agreed to; without that Toss refuses to pay.
    pub agreed_required_terms: bool,
    /// Each of the terms.
    pub terms: Vec<Term>,
}

/// One of the terms (types, `AgreementStatus.terms`). A text that the script left out is empty, a mark `false`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Term {
    /// Toss's identifier.
    pub id: String,
    /// Whether the buyer agreed.
    pub agreed: bool,
    /// Whether paying needs it.
    pub required: bool,
    /// Its title, Korean.
    pub title: String,
    /// Its text or the address of it.
    pub content: String,
}

/// What promise mode resolves to (types, `RequestPaymentResult`). **No money has moved yet**: the server compares with its
/// own order and confirms.
#[derive(Clone, PartialEq, Eq)]
pub struct PaymentResult {
    /// The kind of payment; empty and `Unknown` if the script left it out.
    pub payment_type: PaymentType,
    /// Toss's key of the payment.
    pub payment_key: PaymentKey,
    /// The order that was requested.
    pub order_id: OrderId,
    /// The amount that the widget showed. The server must confirm its own, not this one.
    pub amount: Won,
    /// The stored method (BrandPay).
    pub method_id: Option<String>,
}

impl fmt::Debug for PaymentResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PaymentResult")
            .field("payment_type", &self.payment_type)
            .field("order_id", &self.order_id)
            .field("amount", &self.amount)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payment_types_are_open() {
        for word in ["NORMAL", "BRANDPAY", "KEYIN", "CUSTOM"] {
            let kind = PaymentType::parse(word);
            assert!(!matches!(kind, PaymentType::Unknown(_)), "{word} is not known");
            assert_eq!(kind.as_str(), word);
        }
        assert_eq!(PaymentType::parse("NEWPAY"), PaymentType::Unknown("NEWPAY".to_owned()));
    }

    #[test]
    fn a_payment_key_is_not_printed() {
        let result = PaymentResult {
            payment_type: PaymentType::Normal,
            payment_key: PaymentKey::parse("tgen_secret").expect("allowed"),
            order_id: OrderId::parse("order-1").expect("allowed"),
            amount: Won::of(45_000),
            method_id: None,
        };
        let printed = format!("{result:?}");
        assert!(printed.contains("order-1") && !printed.contains("tgen"), "{printed}");
    }
}
