//! Fields that several requests have, and their limits (Toss docs /reference; codes from /reference/error-codes).

use serde::Deserialize;

use super::input::Figure;
use crate::{
    billing::CardNumber,
    clock::UnixMs,
    error::{ApiError, Code},
    money::{Currency, Decimal},
    order::{self, Method, Order, RawOrder},
};

/// What is paid for, in requests that make a payment without a window.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrderFields {
    amount: Option<Figure>,
    order_id: Option<String>,
    order_name: Option<String>,
    customer_name: Option<String>,
    customer_email: Option<String>,
    customer_mobile_phone: Option<String>,
    tax_free_amount: Option<Figure>,
    tax_exemption_amount: Option<Figure>,
    use_escrow: Option<bool>,
    culture_expense: Option<bool>,
}

impl OrderFields {
    /// Checks what all of them have in common.
    pub(super) fn check(self, method: Method) -> Result<Order, ApiError> {
        let amount = self.amount.ok_or(Code::REQUIRED_AMOUNT)?.0;
        if amount <= 0 {
            return Err(Code::BELOW_ZERO_AMOUNT.into());
        }
        let order_id = self.order_id.filter(|id| order::is_order_id(id)).ok_or(Code::INVALID_ORDER_ID)?;
        let order_name = self.order_name.filter(|name| order::has_chars(name, 1, 100)).ok_or(Code::INVALID_ORDER_NAME)?;
        if self.customer_email.as_ref().is_some_and(|email| !order::has_chars(email, 1, 100) || !email.contains('@')) {
            return Err(Code::INVALID_EMAIL.into());
        }
        let raw = RawOrder {
            order_id,
            order_name,
            amount: Decimal::of(amount, Currency::Krw),
            customer_name: self.customer_name,
            customer_email: self.customer_email,
            customer_mobile_phone: self.customer_mobile_phone,
            method,
            tax_free_amount: self.tax_free_amount.map(|figure| figure.0),
            tax_exemption_amount: self.tax_exemption_amount.map(|figure| figure.0),
            use_escrow: self.use_escrow,
            culture_expense: self.culture_expense,
            ..RawOrder::default()
        };
        let order = Order::check(raw).map_err(|_| Code::INVALID_REQUEST)?;
        if order.amount.get() < method.minimum() {
            return Err(Code::BELOW_MINIMUM_AMOUNT.into());
        }
        Ok(order)
    }
}

/// A card that is typed in.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CardFields {
    card_number: String,
    card_expiration_year: String,
    card_expiration_month: String,
    customer_identity_number: Option<String>,
    card_password: Option<String>,
}

impl CardFields {
    /// The card, which must not have expired by `now`.
    pub(super) fn check(&self, now: UnixMs) -> Result<CardNumber, ApiError> {
        let number = CardNumber::parse(&self.card_number).ok_or(Code::INVALID_CARD_NUMBER)?;
        let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
        let (year, month) = (&self.card_expiration_year, &self.card_expiration_month);
        let in_year = digits(month, 2) && ("01"..="12").contains(&month.as_str());
        // Valid to the end of the month.
        if !digits(year, 2) || !in_year || format!("20{year}{month}")[..] < now.to_compact_kst()[..6] {
            return Err(Code::INVALID_CARD_EXPIRATION.into());
        }
        if self.customer_identity_number.as_ref().is_some_and(|number| !digits(number, 6) && !digits(number, 10)) {
            return Err(Code::INVALID_REQUEST.into());
        }
        if self.card_password.as_ref().is_some_and(|password| !digits(password, 2)) {
            return Err(Code::INVALID_REQUEST.into());
        }
        Ok(number)
    }

    /// As [`CardFields::check`], where the holder has to be named.
    pub(super) fn check_with_holder(&self, now: UnixMs) -> Result<CardNumber, ApiError> {
        if self.customer_identity_number.is_none() {
            return Err(Code::INVALID_REQUEST.into());
        }
        self.check(now)
    }
}

/// A customer key in a request. Measured: 300 characters, also spaces, are accepted, and one more is 500
/// `FAILED_DB_PROCESSING`; the limit of the documentation, 2 to 50, is the SDK's.
pub(super) fn customer_key(key: String) -> Result<String, ApiError> {
    if key.is_empty() {
        return Err(Code::INVALID_CUSTOMER_KEY.into());
    }
    if !order::has_chars(&key, 1, 300) {
        return Err(Code::FAILED_DB_PROCESSING.into());
    }
    Ok(key)
}
