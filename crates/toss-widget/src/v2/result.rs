//! Amounts, and what the SDK answers.

use crate::args::{self, Checked, Limit, check};
use crate::error::WidgetError;
use crate::goods::UnitAmount;
use crate::json::Json;
use crate::order::Order;
use crate::payment::PaymentType;
use crate::raw::Value;
use std::fmt;
use toss_types::{OrderId, PaymentKey, Won};

/// An amount with its currency (types, `Amount`). Toss takes won for every method but PayPal, which takes US dollars.
///
/// ```
/// use toss_widget::{Won, goods::UnitAmount, v2::Amount};
///
/// let won = Amount::from(Won::of(45_000));
/// // 34.50 USD, however many decimals it is written with
/// let dollars = Amount::foreign(UnitAmount::new(3_450, 2), "USD");
/// assert_eq!(dollars, Amount::foreign(UnitAmount::new(345, 1), "USD"));
/// assert_ne!(won, dollars);
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Amount {
    /// Korean won.
    Won(Won),
    /// A foreign currency; made by [`Amount::foreign`].
    #[non_exhaustive]
    Foreign {
        /// How much.
        amount: UnitAmount,
        /// ISO 4217, such as `USD`.
        currency: String,
    },
}

impl From<Won> for Amount {
    fn from(won: Won) -> Amount {
        Amount::Won(won)
    }
}

impl Amount {
    /// An amount of a foreign currency, by its code in ISO 4217.
    #[must_use]
    pub fn foreign(amount: UnitAmount, currency: impl Into<String>) -> Amount {
        Amount::Foreign { amount, currency: currency.into() }
    }

    pub(super) fn checked(&self) -> Checked {
        match self {
            Amount::Won(_) => Ok(()),
            Amount::Foreign { amount, currency } => {
                check(amount.is_fit(), &Limit { field: "amount", must_be: UnitAmount::LIMIT })?;
                let code = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase());
                check(code && currency != "KRW", &Limit { field: "currency", must_be: "three capital letters other than KRW" })
            }
        }
    }

    pub(super) fn json(&self) -> String {
        let mut json = Json::new();
        match self {
            Amount::Won(won) => {
                json.won("value", *won);
                json.text("currency", "KRW");
            }
            Amount::Foreign { amount, currency } => {
                json.raw("value", &amount.json());
                json.text("currency", currency);
            }
        }
        json.finish()
    }

    fn read(answer: &Value) -> Option<Amount> {
        let currency = answer.text("currency")?;
        if currency == "KRW" {
            return answer.won("value").map(Amount::Won);
        }
        Some(Amount::Foreign { amount: UnitAmount::from_number(answer.number("value")?)?, currency })
    }
}

/// What the buyer has agreed to (types, `WidgetAgreementStatus`).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub struct AgreementStatus {
    /// Whether all required terms are agreed to; without that Toss refuses to pay.
    pub agreed_required_terms: bool,
    /// Each of the terms.
    pub agreements: Vec<AgreementItem>,
}

/// One of the terms (types, `agreements`). A text that the script left out is empty, a mark `false`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub struct AgreementItem {
    /// Toss's identifier.
    pub id: String,
    /// Whether paying needs it.
    pub required: bool,
    /// Whether the buyer agreed.
    pub agreed: bool,
}

impl AgreementStatus {
    pub(super) fn read(answer: &Value) -> Option<AgreementStatus> {
        Some(AgreementStatus {
            agreed_required_terms: answer.flag("agreedRequiredTerms")?,
            agreements: answer.items("agreements").iter().map(AgreementItem::read).collect(),
        })
    }
}

impl AgreementItem {
    fn read(answer: &Value) -> AgreementItem {
        let term = answer.get("term");
        AgreementItem {
            id: term.as_ref().and_then(|term| term.text("id")).unwrap_or_default(),
            required: term.as_ref().and_then(|term| term.flag("required")).unwrap_or_default(),
            agreed: answer.flag("agreed").unwrap_or_default(),
        }
    }
}

/// What promise mode resolves to (types, `WidgetPaymentResult` and `RequestPaymentResult`). **No money has moved yet**: the
/// server compares with its own order and confirms.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct PaymentResult {
    /// The kind of payment; only widgets name it.
    pub payment_type: Option<PaymentType>,
    /// Toss's key of the payment.
    pub payment_key: PaymentKey,
    /// The order that was requested.
    pub order_id: OrderId,
    /// The amount that was asked for. The server must confirm its own, not this one.
    pub amount: Amount,
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

/// Reads what a request of this order was answered with. `wanted` is the amount, where the request named it.
pub(super) fn payment(
    answer: &Value,
    member: &'static str,
    order: &Order,
    wanted: Option<&Amount>,
) -> Result<Option<PaymentResult>, WidgetError> {
    if order.is_redirect() {
        return Ok(None);
    }
    let result =
        read_payment(answer).filter(|result| result.order_id == order.order_id && wanted.is_none_or(|wanted| *wanted == result.amount));
    result.map(Some).ok_or_else(|| answer.unexpected(member))
}

fn read_payment(answer: &Value) -> Option<PaymentResult> {
    Some(PaymentResult {
        payment_type: answer.text("paymentType").map(|word| PaymentType::from(word.as_str())),
        payment_key: answer.text("paymentKey").and_then(PaymentKey::received)?,
        order_id: answer.text("orderId").and_then(OrderId::received)?,
        amount: Amount::read(&answer.get("amount")?)?,
    })
}

/// JSON text that is passed on unread, under names that this crate has no field for.
/// `own` are the fields of this request beside those of its order and amount. Of a name that came twice JavaScript would
/// keep the last one, past every check.
pub(super) fn check_extra(extra: &[(String, String)], own: &[&str]) -> Checked {
    const EVERYWHERE: &[&str] = &[
        // Toss refuses it in a widget's request, a common mistake.
        "amount",
        "orderId",
        "orderName",
        "successUrl",
        "failUrl",
        "customerEmail",
        "customerName",
        "customerMobilePhone",
        "taxFreeAmount",
        "metadata",
    ];
    for (at, (name, value)) in extra.iter().enumerate() {
        let free = !name.is_empty() && !EVERYWHERE.contains(&name.as_str()) && !own.contains(&name.as_str());
        check(free, &Limit { field: "extra", must_be: "names that have no field of their own" })?;
        let repeated = extra.iter().take(at).any(|(earlier, _)| earlier == name);
        check(!repeated, &Limit { field: "extra", must_be: "each name once" })?;
        check(crate::raw::is_json(value), &Limit { field: "extra", must_be: args::JSON })?;
    }
    Ok(())
}

pub(super) fn put_extra(json: &mut Json, extra: &[(String, String)]) {
    for (name, value) in extra {
        json.raw(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dollars(minor: i64, decimals: u8) -> Amount {
        Amount::Foreign { amount: UnitAmount { minor, decimals }, currency: "USD".to_owned() }
    }

    #[test]
    fn an_amount_is_written_with_its_currency() {
        assert_eq!(Amount::from(Won::of(45_000)).json(), r#"{"value":45000,"currency":"KRW"}"#);
        assert_eq!(dollars(1_234, 2).json(), r#"{"value":12.34,"currency":"USD"}"#);
    }

    #[test]
    fn won_are_won_and_nothing_else() {
        assert_eq!(dollars(1, 2).checked(), Ok(()));
        let in_won = |currency: &str| Amount::Foreign { amount: UnitAmount { minor: 1, decimals: 0 }, currency: currency.to_owned() };
        for bad in ["KRW", "", "usd", "US", "달러"] {
            assert_eq!(in_won(bad).checked().expect_err(bad).field, "currency");
        }
        assert_eq!(dollars(-1, 0).checked().expect_err("negative").field, "amount");
    }

    #[test]
    fn amounts_are_compared_by_value() {
        assert_eq!(dollars(1_200, 2), dollars(12, 0));
        assert_ne!(dollars(1_201, 2), dollars(12, 0));
        assert_ne!(Amount::foreign(UnitAmount::new(12, 0), "EUR"), dollars(12, 0));
        assert_ne!(Amount::Won(Won::of(12)), dollars(12, 0));
        assert_eq!(Amount::Won(Won::of(12)), Amount::Won(Won::of(12)));
    }

    #[test]
    fn what_has_a_field_of_its_own_cannot_come_in_beside_it() {
        let extra = |name: &str| vec![(name.to_owned(), "1".to_owned())];
        assert_eq!(check_extra(&extra("amount"), &["amount"]).expect_err("its own").field, "extra");
        assert_eq!(check_extra(&extra(""), &[]).expect_err("no name").field, "extra");
        assert_eq!(check_extra(&extra("pendingUrl"), &["amount"]), Ok(()));
    }
}
