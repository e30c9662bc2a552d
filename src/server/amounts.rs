//! Amounts of an order as shoppers read them.

use crate::domain::lang::Lang;
use crate::domain::texts;
use payment_engine::OrderRecord;
use payment_engine::toss_payments::Amount;

/// An amount in the order's currency.
#[must_use]
pub fn in_words(lang: Lang, record: &OrderRecord, amount: Amount) -> String {
    let currency = record.order.total.currency();
    let won = amount.as_won().filter(|_| record.order.total.as_won().is_some());
    won.map_or_else(|| format!("{amount} {currency}"), |won| texts::won(lang, won))
}
