//! What Toss sends the browser back with, read from the address.

use toss_payments::Amount;
use toss_types::{OrderId, PaymentKey};

/// What Toss sends the browser back with.
///
/// ```
/// use payment_engine::Returned;
///
/// let returned = Returned::parse(Some("order-0001"), Some("tviva20260801120000AbC12"), Some("45000"))?;
/// assert_eq!(returned.order_id.as_str(), "order-0001");
/// assert_eq!(Returned::parse(Some("order-0001"), None, Some("45000")).unwrap_err().to_string(), "paymentKey is missing or malformed");
/// # Ok::<(), payment_engine::BadReturn>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Returned {
    /// Which order.
    pub order_id: OrderId,
    /// Which payment.
    pub payment_key: PaymentKey,
    /// What the browser says it is for, in the currency of the order: the address names none. Compared, never charged.
    pub amount: Amount,
}

/// Parameters that no payment comes back with.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{parameter} is missing or malformed")]
pub struct BadReturn {
    parameter: &'static str,
}

impl BadReturn {
    const fn of(parameter: &'static str) -> BadReturn {
        BadReturn { parameter }
    }

    /// The parameter: `orderId`, `paymentKey` or `amount`.
    #[must_use]
    pub const fn parameter(&self) -> &'static str {
        self.parameter
    }
}

impl Returned {
    /// What has been read already.
    #[must_use]
    pub fn new(order_id: OrderId, payment_key: PaymentKey, amount: impl Into<Amount>) -> Returned {
        Returned { order_id, payment_key, amount: amount.into() }
    }

    /// Checks what came over the wire. An amount may be written with decimals, `45.5` or `45.50`, whatever the order is in; a shop that
    /// sells for a currency without any, such as won, may want to refuse those before.
    ///
    /// # Errors
    /// [`BadReturn`] with the first parameter that is missing or malformed.
    pub fn parse(order_id: Option<&str>, payment_key: Option<&str>, amount: Option<&str>) -> Result<Returned, BadReturn> {
        Ok(Returned {
            order_id: order_id.and_then(|text| OrderId::parse(text).ok()).ok_or(BadReturn::of("orderId"))?,
            payment_key: payment_key.and_then(|text| PaymentKey::parse(text).ok()).ok_or(BadReturn::of("paymentKey"))?,
            amount: amount.and_then(written_amount).ok_or(BadReturn::of("amount"))?,
        })
    }
}

/// An amount as a browser writes it: `45000`, `45.5`, `45.50`; never `4.5e4`, `+5`, `-5` or `045`.
fn written_amount(text: &str) -> Option<Amount> {
    // Anything but a sign and an exponent that is no plain number is none to `Amount` either.
    let is_plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    Amount::parse(text).filter(|_| is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_amount_is_a_plain_number_with_or_without_decimals() {
        for (good, amount) in [
            ("0", "0"),
            ("45000", "45000"),
            ("45.5", "45.5"),
            ("45.50", "45.5"),
            ("45.00", "45"),
            ("50000.0", "50000"),
            ("726.24", "726.24"),
            ("0.10", "0.1"),
            ("9007199254740993", "9007199254740993"),
        ] {
            assert_eq!(written_amount(good).map(|amount| amount.to_string()).as_deref(), Some(amount), "{good}");
        }
        for bad in [
            "", ".", "-1", "-0", "+1", "1e3", "1E3", "4.5e1", "01", "00", "00.5", ".5", "5.", "1.2.3", "1,000", " 1", "1 ", "0x10", "NaN",
            "١",
        ] {
            assert_eq!(written_amount(bad), None, "{bad}");
        }
    }

    const ID: &str = "V1StGXR8_Z5jdHi6B-myT";

    #[test]
    fn what_is_missing_or_absurd_is_named() {
        let long = "k".repeat(201);
        for (order_id, payment_key, amount, named) in [
            (None, Some("k"), Some("1"), "orderId"),
            (Some("1"), Some("k"), Some("1"), "orderId"),
            (Some(ID), None, Some("1"), "paymentKey"),
            (Some(ID), Some(""), Some("1"), "paymentKey"),
            (Some(ID), Some("a b"), Some("1"), "paymentKey"),
            (Some(ID), Some(long.as_str()), Some("1"), "paymentKey"),
            (Some(ID), Some("confirm"), Some("1"), "paymentKey"),
            (Some(ID), Some("key-in"), Some("1"), "paymentKey"),
            (Some(ID), Some("k"), None, "amount"),
            (Some(ID), Some("k"), Some("-1"), "amount"),
            (Some(ID), Some("k"), Some("1e9"), "amount"),
        ] {
            let bad = Returned::parse(order_id, payment_key, amount).unwrap_err();
            assert_eq!((bad.parameter(), bad.to_string()), (named, format!("{named} is missing or malformed")));
        }
    }

    proptest! {
        #[test]
        fn no_parameters_make_it_panic(order_id in prop::option::of(".*"), payment_key in prop::option::of(".*"), amount in prop::option::of(".*")) {
            let _ = Returned::parse(order_id.as_deref(), payment_key.as_deref(), amount.as_deref());
        }
    }
}
