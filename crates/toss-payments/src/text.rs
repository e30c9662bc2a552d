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
