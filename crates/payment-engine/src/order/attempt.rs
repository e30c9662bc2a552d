//! One try to pay an order, and what is known of it.

use super::hidden::presence;
use super::refunds::Cancel;
use serde::{Deserialize, Serialize};
use std::fmt;
use toss_payments::{Money, Won};
use toss_types::{IdempotencyKey, PaymentKey};

/// An account at Toss, by the name that the store gave it. Keys of one account may change; the account stays.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Account(String);

impl Account {
    /// The account of that name. The engine makes names such as `account-1`; a store gives back what it was given.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Account {
        Account(name.into())
    }

    /// Its name in the store.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One try to confirm one payment. Every repetition of the call sends the same idempotency key, so that Toss charges once
/// however often it is made. A new key takes its place only where Toss has answered the old one with a refusal, which it
/// repeats under that key, and a look-up has shown that nothing was charged ([`Event::KeyRenewed`](super::Event::KeyRenewed)).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
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

impl Attempt {
    /// A first try, of no account so far.
    #[must_use]
    pub fn new(payment_key: PaymentKey, idempotency_key: IdempotencyKey, amount: impl Into<Money>, claimed_at_ms: i64) -> Attempt {
        Attempt { payment_key, idempotency_key, amount: amount.into(), claimed_at_ms, account: None, renewals: 0 }
    }

    /// A payment of that account.
    #[must_use]
    pub fn account(mut self, account: Account) -> Attempt {
        self.account = Some(account);
        self
    }
}

/// What a receipt shows of a payment that went through. Printing leaves out the receipt, whose address has the payment key in it.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Approval {
    /// How it was paid, in Toss's words (`카드`), where Toss says.
    pub method: Option<String>,
    /// When, as Toss writes it (ISO 8601, `+09:00`).
    pub approved_at: Option<String>,
    /// Toss's receipt.
    pub receipt_url: Option<String>,
    /// The account that was paid into, where the money came by a virtual account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<DepositAccount>,
    /// How long goods should not leave after a deposit, in ms; the usual time where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold_ms: Option<i64>,
    /// What had been given back already when Toss was asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cancels: Vec<Cancel>,
}

impl fmt::Debug for Approval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Approval { method, approved_at, receipt_url, account, hold_ms: _, cancels } = self;
        let receipt_url = presence(receipt_url.as_ref());
        f.debug_struct("Approval")
            .field("method", method)
            .field("approved_at", approved_at)
            .field("receipt_url", &receipt_url)
            .field("account", account)
            .field("cancels", cancels)
            .finish()
    }
}

/// The account into which the shopper is to pay. Printing leaves out its number, its holder and its secret.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DepositAccount {
    /// Toss's two-character bank code (Toss docs, institution codes).
    pub bank_code: Option<String>,
    /// The account's number.
    pub account_number: Option<String>,
    /// Whose name the account bears.
    pub holder: Option<String>,
    /// Until when, as Toss writes it.
    pub due_date: Option<String>,
    /// The same in ms since 1970 UTC, where it can be read.
    #[serde(default)]
    pub due_at_ms: Option<i64>,
    /// What Toss's deposit notices prove themselves with (Toss docs, webhooks): as the first answer had it.
    #[serde(default)]
    pub secret: Option<String>,
    /// Whether Toss says that its time is over.
    #[serde(default)]
    pub is_expired: bool,
    /// Where the transfer of what is given back stands, where Toss says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transfer: Option<Transfer>,
}

/// Where the transfer stands that gives a deposit back: Toss cancels at once, and the bank comes later (Toss docs, Payment,
/// `virtualAccount.refundStatus`).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transfer {
    /// Under way.
    Pending,
    /// The bank has not taken it: nobody has the money back.
    Failed,
    /// Of several, some.
    PartlyFailed,
    /// The money has arrived.
    Completed,
}

impl Transfer {
    /// Whether somebody waits in vain for money.
    #[must_use]
    pub const fn has_failed(self) -> bool {
        match self {
            Transfer::Failed | Transfer::PartlyFailed => true,
            Transfer::Pending | Transfer::Completed => false,
        }
    }
}

impl fmt::Debug for DepositAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let DepositAccount { bank_code, account_number, holder, due_date, due_at_ms: _, secret, is_expired, transfer } = self;
        f.debug_struct("DepositAccount")
            .field("bank_code", bank_code)
            .field("account_number", &presence(account_number.as_ref()))
            .field("holder", &presence(holder.as_ref()))
            .field("due_date", due_date)
            .field("secret", &presence(secret.as_ref()))
            .field("is_expired", is_expired)
            .field("transfer", transfer)
            .finish()
    }
}

impl DepositAccount {
    /// Whether its time is over at `now_ms` (ms since 1970 UTC).
    #[must_use]
    pub fn is_overdue(&self, now_ms: i64) -> bool {
        self.due_at_ms.is_some_and(|due_at_ms| due_at_ms <= now_ms)
    }

    /// When to look next, in ms since 1970 UTC: at its deadline, where that comes before `usual_ms` and has not passed at `now_ms`.
    #[must_use]
    pub fn next_look_ms(&self, usual_ms: i64, now_ms: i64) -> i64 {
        self.due_at_ms.filter(|due_at_ms| *due_at_ms > now_ms).map_or(usual_ms, |due_at_ms| usual_ms.min(due_at_ms))
    }

    /// As it is shown now, with what an earlier answer had and this one has not.
    pub(super) fn beside(&self, earlier: Option<&DepositAccount>) -> DepositAccount {
        let Some(earlier) = earlier else { return self.clone() };
        DepositAccount {
            bank_code: self.bank_code.clone().or_else(|| earlier.bank_code.clone()),
            account_number: self.account_number.clone().or_else(|| earlier.account_number.clone()),
            holder: self.holder.clone().or_else(|| earlier.holder.clone()),
            due_date: self.due_date.clone().or_else(|| earlier.due_date.clone()),
            due_at_ms: self.due_at_ms.or(earlier.due_at_ms),
            secret: earlier.secret.clone().or_else(|| self.secret.clone()),
            is_expired: self.is_expired,
            transfer: self.transfer.or(earlier.transfer),
        }
    }
}

/// A deposit that has come. Banks take some back, usually within two minutes (Toss tech chat): goods had better wait until then.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Deposit {
    /// The account that was paid into.
    pub account: DepositAccount,
    /// Until when goods should not leave, in ms since 1970 UTC.
    pub hold_until_ms: i64,
    /// Whether Toss has been asked after that time, and the money was still there.
    #[serde(default)]
    pub has_stayed: bool,
    /// Whether Toss has been asked once more, a day later: nobody asks of it any more then.
    #[serde(default)]
    pub is_final: bool,
}

impl Deposit {
    /// Whether Toss may have news of it: it may be taken back, or its money is on its way back to the payer.
    #[must_use]
    pub fn is_looked_at(&self) -> bool {
        !self.is_final || self.account.transfer == Some(Transfer::Pending)
    }

    /// Into that account; goods wait until then (ms since 1970 UTC).
    #[must_use]
    pub fn new(account: DepositAccount, hold_until_ms: i64) -> Deposit {
        Deposit { account, hold_until_ms, has_stayed: false, is_final: false }
    }
}

/// Why Toss did not charge. Printing leaves out the message, which is Toss's free text and may repeat what was sent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Decline {
    /// Toss's error code.
    pub code: String,
    /// Toss's message, to be shown as text and never to be interpreted.
    pub message: String,
    /// The HTTP status with which Toss said so.
    pub status: u16,
}

impl Decline {
    /// That code, that message, with that HTTP status.
    #[must_use]
    pub fn new(code: impl Into<String>, message: impl Into<String>, status: u16) -> Decline {
        Decline { code: code.into(), message: message.into(), status }
    }

    /// Nobody has said so, and this shop has given it up.
    #[must_use]
    pub fn ours(code: impl Into<String>) -> Decline {
        Decline::new(code, "", 0)
    }

    /// Whether it was given up here rather than refused by Toss.
    #[must_use]
    pub const fn is_ours(&self) -> bool {
        self.status == 0
    }
}

impl fmt::Debug for Decline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decline").field("code", &self.code).field("status", &self.status).finish_non_exhaustive()
    }
}

/// Money in the store: won are a number, as they always were, and other money says what it is.
pub(super) mod written {
    use super::{Money, Won};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    #[serde(untagged)]
    enum Written {
        Won(Won),
        Money(Money),
    }

    pub(in crate::order) fn serialize<S: Serializer>(money: &Money, serializer: S) -> Result<S::Ok, S::Error> {
        money.as_won().map_or_else(|| Written::Money(money.clone()), Written::Won).serialize(serializer)
    }

    pub(in crate::order) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Money, D::Error> {
        Ok(match Written::deserialize(deserializer)? {
            Written::Won(won) => won.into(),
            Written::Money(money) => money,
        })
    }
}

/// The same, where there may be none.
pub(super) mod written_option {
    use super::{Money, written};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct Written(#[serde(with = "written")] Money);

    pub(in crate::order) fn serialize<S: Serializer>(money: &Option<Money>, serializer: S) -> Result<S::Ok, S::Error> {
        money.clone().map(Written).serialize(serializer)
    }

    pub(in crate::order) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Money>, D::Error> {
        Ok(Option::<Written>::deserialize(deserializer)?.map(|Written(money)| money))
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
