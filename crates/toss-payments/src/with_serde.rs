//! Identifiers, money and states as JSON and the like (feature `serde`). What is read in keeps its limits. Secrets are not here.

use crate::bank::Bank;
use crate::date::{Date, DateTime};
use crate::error::ErrorCode;
use crate::ids::{CancelRequestId, ReceiptKey, TransactionKey};
use crate::keys::ClientKey;
use crate::money::{Amount, Money};
use crate::payment::words::{CashReceiptTransaction, CashReceiptType, Currency, IssueStatus, Method, PaymentType, Status};
use crate::payment::{AccountType, AcquireStatus, CancelStatus, CardType, InterestPayer, OwnerType, RefundStatus, SettlementStatus};
use crate::settlement::FeeType;
use crate::text::{CancelReason, OrderName};
use crate::timestamp::Timestamp;
use crate::webhook::{CustomerStatus, MethodStatus};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;

/// As a text, read by a function that may refuse it.
macro_rules! as_text {
    ($($name:ty: $text:ident, $read:expr;)+) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.$text())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                let text = Cow::<'de, str>::deserialize(deserializer)?;
                $read(&*text).map_err(D::Error::custom)
            }
        }
    )+};
}

/// As the word that Toss writes; every word is read.
macro_rules! as_words {
    ($($name:ident),+ $(,)?) => {
        as_text! { $($name: as_str, |word: &str| Ok::<$name, std::convert::Infallible>($name::from(word));)+ }
    };
}

as_text! {
    TransactionKey: as_str, TransactionKey::parse;
    CancelRequestId: as_str, CancelRequestId::parse;
    ReceiptKey: expose, ReceiptKey::parse;
    OrderName: as_str, OrderName::parse;
    CancelReason: as_str, CancelReason::parse;
    ClientKey: as_str, ClientKey::parse;
    Date: as_str, Date::parse;
    DateTime: as_str, DateTime::parse;
    Timestamp: as_str, |text: &str| Ok::<Timestamp, std::convert::Infallible>(Timestamp::new(text));
}

as_words!(
    AccountType,
    AcquireStatus,
    Bank,
    CancelStatus,
    CardType,
    CashReceiptTransaction,
    CashReceiptType,
    Currency,
    CustomerStatus,
    ErrorCode,
    FeeType,
    InterestPayer,
    IssueStatus,
    Method,
    MethodStatus,
    OwnerType,
    PaymentType,
    RefundStatus,
    SettlementStatus,
    Status,
);

/// As a text: most formats and most who read them make a float of a number with decimals.
impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Amount, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        Amount::parse(&text).ok_or_else(|| D::Error::custom("an amount is a decimal number, written as text"))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    amount: Amount,
    currency: Currency,
}

/// As `{"amount": "726.24", "currency": "USD"}`.
impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Parts { amount: self.amount(), currency: self.currency().clone() }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Money, D::Error> {
        let Parts { amount, currency } = Parts::deserialize(deserializer)?;
        Money::new(amount, currency).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::de::DeserializeOwned;
    use std::fmt::Debug;

    fn round<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T, json: &str) {
        assert_eq!(serde_json::to_string(value).unwrap(), json);
        assert_eq!(serde_json::from_str::<T>(json).unwrap(), *value, "{json}");
        // An escape or a reader makes the text one that cannot be borrowed.
        assert_eq!(serde_json::from_reader::<_, T>(json.as_bytes()).unwrap(), *value, "{json}");
    }

    #[test]
    fn what_is_written_is_read_again() {
        round(&TransactionKey::parse("090A796806E726BB").unwrap(), r#""090A796806E726BB""#);
        round(&ReceiptKey::parse("nlkG9VcGMGVQxlwi").unwrap(), r#""nlkG9VcGMGVQxlwi""#);
        round(&Status::Done, r#""DONE""#);
        round(&Status::from("FROZEN"), r#""FROZEN""#);
        round(&ErrorCode::RejectCardCompany, r#""REJECT_CARD_COMPANY""#);
        round(&Bank::Shinhan, r#""88""#);
        round(&Timestamp::new("2026-08-01T12:00:00+09:00"), r#""2026-08-01T12:00:00+09:00""#);
        round(&Amount::parse("726.24").unwrap(), r#""726.24""#);
        let dollars = Money::new(Amount::parse("726.24").unwrap(), Currency::Usd).unwrap();
        round(&dollars, r#"{"amount":"726.24","currency":"USD"}"#);
        round(&crate::Won::of(45_000), "45000");
        round(&crate::OrderId::parse("order-0001").unwrap(), r#""order-0001""#);
    }

    #[test]
    fn what_breaks_the_limits_is_refused() {
        assert!(serde_json::from_str::<OrderName>(r#""""#).is_err());
        assert!(serde_json::from_str::<Date>(r#""1 August""#).is_err());
        assert!(serde_json::from_str::<Amount>("726.24").is_err(), "a float");
        for json in [r#"{"amount":"0.5","currency":"KRW"}"#, r#"{"amount":"-1","currency":"USD"}"#, r#"{"amount":"1"}"#] {
            assert!(serde_json::from_str::<Money>(json).is_err(), "{json}");
        }
    }
}
