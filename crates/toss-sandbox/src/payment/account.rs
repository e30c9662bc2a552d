//! A virtual account: where the shopper has to pay in, and until when.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{bank::Bank, clock::UnixMs, ids};

/// A virtual account is open so long if the shop does not say otherwise (Toss docs: 168 hours).
pub(crate) const OPEN_FOR: Duration = Duration::from_secs(168 * 60 * 60);
/// Answers show the refund account so long after the window was opened, then null (Toss docs: 30 minutes).
pub(crate) const REFUND_ACCOUNT_SHOWN_FOR: Duration = Duration::from_secs(30 * 60);

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Account {
    pub(crate) number: String,
    /// Of its issue. Assumed: it is the payment's last one until the deposit.
    pub(crate) transaction_key: String,
    pub(crate) bank: Bank,
    pub(crate) customer_name: String,
    /// From this moment on the bank refuses the deposit (Toss docs: the end is exclusive).
    pub(crate) due: UnixMs,
    /// Where the shopper wants a refund to go. Shown, never used by itself.
    pub(crate) refund_account: Option<RefundAccount>,
    /// 고정: the shop gives one customer the same number each time.
    pub(crate) is_fixed: bool,
}

/// An account of the shopper.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct RefundAccount {
    pub(crate) bank: Bank,
    /// 1 to 20 digits.
    pub(crate) number: String,
    /// 1 to 60 characters.
    pub(crate) holder: String,
}

impl Account {
    /// Issues an account. Its number begins with X, as in Toss's test environment.
    pub(crate) fn issue(bank: Bank, customer_name: String, due: UnixMs, refund_account: Option<RefundAccount>) -> Self {
        let (number, transaction_key) = (ids::account_number(), ids::transaction_key());
        Self { number, transaction_key, bank, customer_name, due, refund_account, is_fixed: false }
    }

    /// The account with the number that belongs to `account_key` at this shop and bank.
    pub(crate) fn fixed(self, m_id: &str, account_key: &str) -> Self {
        Self { number: ids::fixed_account_number(m_id, self.bank.code, account_key), is_fixed: true, ..self }
    }

    pub(crate) fn is_expired(&self, now: UnixMs) -> bool {
        now >= self.due
    }
}

impl RefundAccount {
    /// None when a part is out of its limits (Toss docs /reference, cancel).
    pub(crate) fn check(bank: &str, number: &str, holder: &str) -> Option<Self> {
        let number_fits = (1..=20).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
        let holder_fits = (1..=60).contains(&holder.chars().take(61).count());
        let bank = Bank::parse(bank)?;
        (number_fits && holder_fits).then(|| Self { bank, number: number.to_owned(), holder: holder.to_owned() })
    }
}
