//! What the widget answers.

use crate::payment::PaymentType;
use std::fmt;
use toss_types::{OrderId, PaymentKey, Won};

/// The method that is chosen right now (types, `getSelectedPaymentMethod`).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
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
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub struct AgreementStatus {
    /// Whether all required terms are agreed to; without that Toss refuses to pay.
    pub agreed_required_terms: bool,
    /// Each of the terms.
    pub terms: Vec<Term>,
}

/// One of the terms (types, `AgreementStatus.terms`). A text that the script left out is empty, a mark `false`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
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
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct PaymentResult {
    /// The kind of payment; `None` if the script left it out.
    pub payment_type: Option<PaymentType>,
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
    fn a_payment_key_is_not_printed() {
        let result = PaymentResult {
            payment_type: Some(PaymentType::Normal),
            payment_key: PaymentKey::parse("tgen_secret").expect("allowed"),
            order_id: OrderId::parse("order-1").expect("allowed"),
            amount: Won::of(45_000),
            method_id: None,
        };
        let printed = format!("{result:?}");
        assert!(printed.contains("order-1") && !printed.contains("tgen"), "{printed}");
    }
}
