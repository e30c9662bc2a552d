//! One try to pay an order, and what is known of it.

use serde::{Deserialize, Serialize};
use toss_payments::{Money, Won};
use toss_types::{IdempotencyKey, PaymentKey};

/// An account at Toss, by the name that the store gave it. Keys of one account may change; the account stays.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Account(pub String);

/// One try to confirm one payment. Every repetition of the call sends the same idempotency key, so that Toss charges once
/// however often it is made.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Attempt {
    /// Which payment.
    pub payment_key: PaymentKey,
    /// Sent as `Idempotency-Key`.
    pub idempotency_key: IdempotencyKey,
    /// What is charged: the order's stored total.
    #[serde(with = "written")]
    pub amount: Money,
    /// When the payment came back, in ms since 1970 UTC.
    pub claimed_at_ms: i64,
    /// The account whose payment it is; `None` in orders from before accounts were kept, which all belong to the first.
    #[serde(default)]
    pub account: Option<Account>,
    /// How many idempotency keys Toss has used up with a refusal that passes.
    #[serde(default)]
    pub renewals: u32,
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

/// Money in the store: won are a number, as they always were, and other money says what it is.
mod written {
    use super::{Money, Won};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    #[serde(untagged)]
    enum Written {
        Won(Won),
        Money(Money),
    }

    pub(super) fn serialize<S: Serializer>(money: &Money, serializer: S) -> Result<S::Ok, S::Error> {
        money.as_won().map_or_else(|| Written::Money(money.clone()), Written::Won).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Money, D::Error> {
        Ok(match Written::deserialize(deserializer)? {
            Written::Won(won) => won.into(),
            Written::Money(money) => money,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use toss_payments::{Amount, Currency};

    #[test]
    fn won_are_written_as_before_and_other_money_says_what_it_is() {
        let attempt = |amount| Attempt {
            payment_key: PaymentKey::parse("key").unwrap(),
            idempotency_key: IdempotencyKey::parse("confirm-1").unwrap(),
            amount,
            claimed_at_ms: 0,
            account: None,
            renewals: 0,
        };
        let dollars = Money::new(Amount::parse("45.50").unwrap(), Currency::Usd).unwrap();
        for (money, written) in [(Won::of(45_000).into(), "45000"), (dollars, r#"{"amount":"45.5","currency":"USD"}"#)] {
            let attempt = attempt(money);
            let json = serde_json::to_string(&attempt).unwrap();
            assert!(json.contains(&format!(r#""amount":{written},"#)), "{json}");
            assert_eq!(serde_json::from_str::<Attempt>(&json).unwrap(), attempt);
        }
    }
}
