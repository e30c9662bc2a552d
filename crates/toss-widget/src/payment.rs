//! What both SDKs say of a payment.

use crate::words::open_words;

open_words! {
    /// The kind of a payment or of a chosen method (types, `type` and `paymentType`), from the SDK or from the `paymentType`
    /// parameter of a `successUrl`.
    ///
    /// ```
    /// use toss_widget::PaymentType;
    ///
    /// assert_eq!(PaymentType::from("NORMAL"), PaymentType::Normal);
    /// assert_eq!(PaymentType::from("NEWPAY").as_str(), "NEWPAY");
    /// ```
    PaymentType, "A kind that this crate does not know; [`as_str`](PaymentType::as_str) tells it." {
        /// An ordinary method:
        Normal = "NORMAL",
        /// BrandPay, the shop's own stored methods:
        BrandPay = "BRANDPAY",
        /// A card number typed in:
        KeyIn = "KEYIN",
        /// A method of the shop's own; only ever chosen, never paid through the widget:
        Custom = "CUSTOM",
    }
}

/// Why an amount changed. It feeds Toss's conversion reports, not the charge (types of SDK v1, `updateAmount`).
///
/// ```no_run
/// use toss_widget::{Checkout, UpdateReason, Won};
///
/// fn seasonal(checkout: &Checkout) {
///     checkout.want(Won::of(40_000), Some(UpdateReason::Other("AUTUMN_SALE".to_owned())));
/// }
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum UpdateReason {
    /// A coupon: the widget's own `UPDATE_REASON.COUPON`.
    Coupon,
    /// Points: the widget's own `UPDATE_REASON.POINT`.
    Point,
    /// A reason of the shop's.
    Other(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payment_types_are_open() {
        assert_eq!(PaymentType::WORDS, ["NORMAL", "BRANDPAY", "KEYIN", "CUSTOM"]);
        for word in PaymentType::WORDS {
            let kind = PaymentType::from(*word);
            assert!(!matches!(kind, PaymentType::Unknown(_)), "{word} is not known");
            assert_eq!(kind.as_str(), *word);
        }
        let new = PaymentType::from("NEWPAY");
        assert!(matches!(new, PaymentType::Unknown(_)));
        assert_eq!(new.to_string(), "NEWPAY");
    }
}
