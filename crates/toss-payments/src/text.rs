//! What a shop writes into a request: names, reasons, addresses, within the limits of Toss (Toss docs `/reference`).

use crate::limited::limited;

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// Words for people: anything but control characters.
fn is_words(text: &str) -> bool {
    !text.chars().any(char::is_control)
}

limited! {
    /// What the order is called on receipts: 1 to 100 characters, such as `토스 티셔츠 외 2건`.
    ///
    /// ```
    /// use toss_payments::OrderName;
    ///
    /// assert!(OrderName::parse("토스 티셔츠 외 2건").is_ok());
    /// assert!(OrderName::parse(&"가".repeat(101)).is_err());
    /// ```
    pub struct OrderName("the order name", 1..=100, is_words) shown
}

limited! {
    /// Why a payment is cancelled: 1 to 200 characters, kept by Toss with the payment.
    ///
    /// ```
    /// use toss_payments::CancelReason;
    ///
    /// assert_eq!(CancelReason::parse("단순 변심")?.as_str(), "단순 변심");
    /// # Ok::<(), toss_payments::IdError>(())
    /// ```
    pub struct CancelReason("the cancel reason", 1..=200, is_words) shown
}

limited! {
    /// The buyer's name: 1 to 100 characters.
    ///
    /// ```
    /// use toss_payments::CustomerName;
    ///
    /// assert_eq!(format!("{:?}", CustomerName::parse("김토스")?), "CustomerName(…)");
    /// # Ok::<(), toss_payments::IdError>(())
    /// ```
    pub struct CustomerName("the customer name", 1..=100, is_words) hidden
}

limited! {
    /// The buyer's e-mail address: 1 to 100 characters. Toss writes to it when the payment changes.
    ///
    /// ```
    /// use toss_payments::CustomerEmail;
    ///
    /// assert!(CustomerEmail::parse("customer@example.com").is_ok());
    /// assert!(CustomerEmail::parse("nobody").is_err());
    /// ```
    pub struct CustomerEmail("the customer's e-mail address", 1..=100, |text| is_words(text) && text.contains('@') && !text.contains(' ')) hidden
}

limited! {
    /// The buyer's phone number: 8 to 15 digits without hyphens.
    ///
    /// ```
    /// use toss_payments::PhoneNumber;
    ///
    /// assert!(PhoneNumber::parse("01012345678").is_ok());
    /// assert!(PhoneNumber::parse("010-1234-5678").is_err());
    /// ```
    pub struct PhoneNumber("the phone number", 8..=15, is_digits) hidden
}

limited! {
    /// A bank account: 1 to 20 digits without hyphens.
    ///
    /// ```
    /// use toss_payments::AccountNumber;
    ///
    /// assert_eq!(format!("{:?}", AccountNumber::parse("11012345678")?), "AccountNumber(…)");
    /// # Ok::<(), toss_payments::IdError>(())
    /// ```
    pub struct AccountNumber("the account number", 1..=20, is_digits) hidden
}

limited! {
    /// Whose bank account it is: 1 to 60 characters.
    ///
    /// ```
    /// use toss_payments::HolderName;
    ///
    /// assert!(HolderName::parse("김토스").is_ok());
    /// ```
    pub struct HolderName("the account holder", 1..=60, is_words) hidden
}

limited! {
    /// Whom a cash receipt is for: a phone number, a cash receipt card or a business number, 1 to 30 digits and hyphens.
    ///
    /// ```
    /// use toss_payments::ReceiptHolder;
    ///
    /// assert_eq!(format!("{:?}", ReceiptHolder::parse("01012345678")?), "ReceiptHolder(…)");
    /// # Ok::<(), toss_payments::IdError>(())
    /// ```
    pub struct ReceiptHolder("the number for the cash receipt", 1..=30, |text| text.bytes().all(|b| b.is_ascii_digit() || b == b'-')) hidden
}

limited! {
    /// A card number: 6 to 20 digits. Prints nothing, and is neither displayed nor serialised.
    ///
    /// ```
    /// use toss_payments::CardNumber;
    ///
    /// assert_eq!(format!("{:?}", CardNumber::parse("9410001234567890")?), "CardNumber(…)");
    /// # Ok::<(), toss_payments::IdError>(())
    /// ```
    ///
    /// ```compile_fail,E0277
    /// println!("{}", toss_payments::CardNumber::parse("9410001234567890").unwrap());
    /// ```
    pub struct CardNumber("the card number", 6..=20, is_digits) hidden
}

limited! {
    /// The first two digits of a card's password.
    ///
    /// ```
    /// use toss_payments::CardPassword;
    ///
    /// assert!(CardPassword::parse("12").is_ok());
    /// assert!(CardPassword::parse("1234").is_err());
    /// ```
    pub struct CardPassword("the beginning of the card password", 2..=2, is_digits) hidden
}

limited! {
    /// Whose card it is: a birth date as `YYMMDD`, or a business number of 10 digits.
    ///
    /// ```
    /// use toss_payments::CardHolderNumber;
    ///
    /// assert!(CardHolderNumber::parse("900101").is_ok());
    /// assert!(CardHolderNumber::parse("1234567890").is_ok());
    /// assert!(CardHolderNumber::parse("1990").is_err());
    /// ```
    pub struct CardHolderNumber("the number of the card holder", 6..=10, |text| is_digits(text) && matches!(text.len(), 6 | 10)) hidden
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{AccessCode, AuthKey, BillingKey, CancelRequestId, CustomerKey, IdError, ReceiptKey, TransactionKey};
    use proptest::prelude::*;

    /// What is accepted comes back as it was, keeps its limits, and prints no more than it may.
    macro_rules! keeps_its_limits {
        ($text:expr, $($name:ident $get:ident $printed:ident),+) => {$(
            match $name::parse($text) {
                Ok(value) => {
                    prop_assert_eq!(value.$get(), $text);
                    prop_assert!(($name::MIN_LEN..=$name::MAX_LEN).contains(&$text.chars().count()));
                    let shown = format!("{value:?}");
                    prop_assert!(printed::$printed(&shown, stringify!($name), $text), "{}", shown);
                }
                Err(error) => {
                    let said = format!("{error} {error:?}");
                    prop_assert!($text.chars().count() < 20 || !said.contains($text), "{}", said);
                }
            }
        )+};
    }

    mod printed {
        pub(super) fn whole(shown: &str, name: &str, text: &str) -> bool {
            shown == format!("{name}({text:?})")
        }

        pub(super) fn beginning(shown: &str, name: &str, text: &str) -> bool {
            let inner = shown.strip_prefix(name).and_then(|rest| rest.strip_prefix('(')).and_then(|rest| rest.strip_suffix("…)"));
            inner.is_some_and(|inner| text.len() > 40 || !inner.contains(text))
        }

        pub(super) fn nothing(shown: &str, name: &str, _: &str) -> bool {
            shown == format!("{name}(…)")
        }
    }

    proptest! {
        #[test]
        fn every_text_keeps_its_limits_and_its_secrets(text in "\\PC{0,60}|[0-9]{0,25}|[A-Za-z0-9=_.@-]{0,320}|.{90,210}") {
            let text = text.as_str();
            keeps_its_limits!(text, OrderName as_str whole, CancelReason as_str whole, CancelRequestId as_str whole, TransactionKey as_str whole);
            keeps_its_limits!(text, AuthKey expose beginning, BillingKey expose beginning, ReceiptKey expose beginning);
            keeps_its_limits!(
                text, CustomerKey expose nothing, AccessCode expose nothing, CustomerName expose nothing, CustomerEmail expose nothing, PhoneNumber expose nothing,
                AccountNumber expose nothing, HolderName expose nothing, ReceiptHolder expose nothing, CardNumber expose nothing,
                CardPassword expose nothing, CardHolderNumber expose nothing
            );
        }
    }

    #[test]
    fn lengths_are_counted_in_characters() {
        assert!(OrderName::parse(&"가".repeat(100)).is_ok());
        assert_eq!(OrderName::parse(&"가".repeat(101)), Err(IdError::Length { what: "the order name", len: 101, min: 1, max: 100 }));
        assert!(OrderName::parse("").is_err() && OrderName::parse("a\nb").is_err());
        assert!(CancelReason::parse(&"가".repeat(200)).is_ok() && CancelReason::parse(&"가".repeat(201)).is_err());
        assert!(CustomerKey::parse(&"c".repeat(50)).is_ok() && CustomerKey::parse(&"c".repeat(51)).is_err());
        assert!(BillingKey::parse("..").is_err() && ReceiptKey::parse(".").is_err(), "another address");
        assert!(CardHolderNumber::parse("12345678").is_err() && PhoneNumber::parse("0101234").is_err());
    }

    #[test]
    fn what_toss_sends_beyond_the_limits_is_taken() {
        assert_eq!(BillingKey::received("키".repeat(300)).unwrap().expose().chars().count(), 300);
        assert_eq!(BillingKey::received(String::new()), None);
    }
}
