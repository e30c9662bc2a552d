//! What a shop asks to be paid for, checked once at the edge.

use std::{collections::BTreeMap, time::Duration};

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

pub(crate) use crate::card_company::{CARD_COMPANIES, CardCompany};
pub use crate::method::Method;
use crate::{
    asked::{AuthSkip, Carrier, Flow, PaymentType, ReceiptUse, Returns},
    bank::Bank,
    billing::CardNumber,
    clock::UnixMs,
    error::ApiError,
    kst,
    money::{self, Currency, Decimal, Money},
    payment::{OPEN_FOR, RefundAccount},
};

/// The fields of `requestPayment` that reach the server, unchecked (Toss docs /sdk/widget-js).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RawOrder {
    pub(crate) client_key: Option<String>,
    pub(crate) order_id: String,
    pub(crate) order_name: String,
    pub(crate) amount: Decimal,
    pub(crate) currency: Option<String>,
    /// Where the buyer of a payment from abroad is.
    pub(crate) country: Option<String>,
    pub(crate) customer_key: Option<String>,
    pub(crate) customer_name: Option<String>,
    pub(crate) customer_email: Option<String>,
    pub(crate) customer_mobile_phone: Option<String>,
    #[serde(default)]
    pub(crate) method: Method,
    pub(crate) card_company: Option<String>,
    pub(crate) tax_free_amount: Option<i64>,
    pub(crate) tax_exemption_amount: Option<i64>,
    pub(crate) use_escrow: Option<bool>,
    pub(crate) culture_expense: Option<bool>,
    /// The bank of a transfer or of the virtual account, in any of its forms.
    pub(crate) bank: Option<String>,
    pub(crate) cash_receipt: Option<ReceiptUse>,
    pub(crate) mobile_carriers: Option<Vec<Carrier>>,
    /// 0 or left out is paid at once.
    pub(crate) installment_months: Option<i64>,
    #[serde(default)]
    pub(crate) flow: Flow,
    #[serde(default)]
    pub(crate) payment_type: PaymentType,
    /// Which registered method of BrandPay is paid with.
    pub(crate) method_id: Option<String>,
    pub(crate) auth_skip: Option<AuthSkip>,
    pub(crate) valid_hours: Option<i64>,
    pub(crate) due_date: Option<String>,
    pub(crate) refund_receive_account: Option<RawRefundAccount>,
    pub(crate) metadata: Option<BTreeMap<String, String>>,
    pub(crate) success_url: Option<String>,
    pub(crate) fail_url: Option<String>,
    /// Origin of the page around the window's frame; without it the window has the browser's tab for itself.
    pub(crate) opener_origin: Option<String>,
}

/// `refundReceiveAccount`: `bankCode` in the SDK, `bank` in the API (Toss docs).
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RawRefundAccount {
    #[serde(alias = "bankCode")]
    pub(crate) bank: String,
    pub(crate) account_number: String,
    pub(crate) holder_name: String,
}

impl RawRefundAccount {
    pub(crate) fn check(&self) -> Option<RefundAccount> {
        RefundAccount::check(&self.bank, &self.account_number, &self.holder_name)
    }
}

/// Until when a virtual account takes its deposit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum Deadline {
    /// So long after it is issued.
    After(Duration),
    At(UnixMs),
}

impl Deadline {
    /// A virtual account is open for at most 2160 hours (Toss docs).
    pub(crate) const MAX_HOURS: i64 = 2160;
    pub(crate) const LONGEST: Duration = Duration::from_secs(Self::MAX_HOURS.unsigned_abs() * 60 * 60);
    pub(crate) const DEFAULT: Self = Self::After(OPEN_FOR);

    /// `validHours`, 1 to [`Deadline::MAX_HOURS`].
    pub(crate) fn after_hours(hours: i64) -> Option<Self> {
        let hours = u64::try_from(hours).ok().filter(|hours| (1..=Self::MAX_HOURS.unsigned_abs()).contains(hours))?;
        Some(Self::After(Duration::from_secs(hours * 60 * 60)))
    }

    pub(crate) fn at(self, now: UnixMs) -> UnixMs {
        match self {
            Self::After(open_for) => now.plus(open_for),
            Self::At(at) => at,
        }
    }
}

/// A checked order: within the field limits of the SDK documentation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) order_id: String,
    pub(crate) order_name: String,
    #[serde(with = "money::stored")]
    pub(crate) amount: Money,
    /// Where the buyer is, if the shop has said so.
    pub(crate) country: Option<String>,
    pub(crate) customer_key: Option<String>,
    pub(crate) customer_name: Option<String>,
    pub(crate) customer_mobile_phone: Option<String>,
    pub(crate) method: Method,
    pub(crate) card_company: CardCompany,
    pub(crate) card_number: CardNumber,
    /// 0 is paid at once.
    pub(crate) installment_months: i64,
    pub(crate) tax_free_amount: i64,
    pub(crate) tax_exemption_amount: i64,
    pub(crate) use_escrow: bool,
    pub(crate) use_card_point: bool,
    /// The shop bears the interest of the instalments.
    pub(crate) is_interest_free: bool,
    pub(crate) culture_expense: bool,
    pub(crate) bank: Option<Bank>,
    pub(crate) deadline: Deadline,
    pub(crate) refund_account: Option<RefundAccount>,
    pub(crate) cash_receipt: Option<ReceiptUse>,
    /// Empty if the shop allows every one.
    pub(crate) mobile_carriers: Vec<Carrier>,
    pub(crate) flow: Flow,
    pub(crate) payment_type: PaymentType,
    pub(crate) method_id: Option<String>,
    pub(crate) auth_skip: Option<AuthSkip>,
    pub(crate) metadata: Option<BTreeMap<String, String>>,
    pub(crate) returns: Returns,
}

impl Order {
    /// Checks every limit. The error is `INVALID_PARAMETER`, named as the browser SDK names it, and says which field.
    pub(crate) fn check(raw: RawOrder) -> Result<Self, ApiError> {
        if !is_order_id(&raw.order_id) {
            return Err(invalid("orderId", "영문, 숫자, '-', '_', '=' 6~64자"));
        }
        if !has_chars(&raw.order_name, 1, 100) {
            return Err(invalid("orderName", "1~100자"));
        }
        // With the authentication left out, the payment is always one by card (Toss community); assumed: not from abroad.
        let by_card = raw.auth_skip.is_some() && raw.method.currency() == Currency::Krw;
        let method = if by_card { Method::Card } else { raw.method };
        let currency = method.currency();
        if raw.currency.as_deref().unwrap_or(Currency::Krw.as_str()) != currency.as_str() {
            return Err(invalid("currency", currency.as_str()));
        }
        let amount = raw.amount.units(currency).ok().filter(|units| *units > 0).and_then(|units| Money::new(units, currency));
        let amount = amount.ok_or_else(|| match currency {
            Currency::Krw => invalid("amount", "1원 이상의 정수"),
            Currency::Usd => invalid("amount", "0.01 이상, 소수점 두 자리까지"),
        })?;
        if raw.country.as_ref().is_some_and(|country| country.len() != 2 || !country.bytes().all(|b| b.is_ascii_uppercase())) {
            return Err(invalid("country", "ISO-3166 두 자리 국가 코드"));
        }
        if raw.customer_key.as_ref().is_some_and(|key| !is_customer_key(key)) {
            return Err(invalid("customerKey", "영문, 숫자, '-', '_', '=', '.', '@' 2~50자"));
        }
        for (field, value) in [("customerName", &raw.customer_name), ("customerEmail", &raw.customer_email)] {
            if value.as_ref().is_some_and(|text| !has_chars(text, 1, 100)) {
                return Err(invalid(field, "1~100자"));
            }
        }
        if raw.customer_mobile_phone.as_ref().is_some_and(|phone| !is_phone(phone)) {
            return Err(invalid("customerMobilePhone", "숫자 8~15자"));
        }
        let card_company = match &raw.card_company {
            None => CardCompany::DEFAULT,
            Some(code) => CardCompany::parse(code).ok_or_else(|| invalid("cardCompany", "카드사 코드"))?,
        };
        let tax_free_amount = raw.tax_free_amount.unwrap_or(0);
        let tax_exemption_amount = raw.tax_exemption_amount.unwrap_or(0);
        let untaxed = tax_free_amount.checked_add(tax_exemption_amount);
        if tax_free_amount < 0 || tax_exemption_amount < 0 || untaxed.is_none_or(|untaxed| untaxed > amount.get()) {
            return Err(invalid("taxFreeAmount", "0원 이상, 결제 금액 이하"));
        }
        if raw.metadata.as_ref().is_some_and(|pairs| !is_metadata(pairs)) {
            return Err(invalid("metadata", "5쌍 이하, 키 40자, 값 2000자"));
        }
        let bank = match &raw.bank {
            None => None,
            Some(name) => Some(Bank::parse(name).ok_or_else(|| invalid("bank", "은행 코드"))?),
        };
        let deadline = match (raw.valid_hours, &raw.due_date) {
            (None, None) => Deadline::DEFAULT,
            (Some(hours), None) => Deadline::after_hours(hours).ok_or_else(|| invalid("validHours", "1~2160"))?,
            (None, Some(date)) => kst::date_time(date).map(Deadline::At).ok_or_else(|| invalid("dueDate", "yyyy-MM-dd'T'HH:mm:ss"))?,
            (Some(_), Some(_)) => return Err(invalid("validHours, dueDate", "둘 중 하나")),
        };
        let refund_account = match &raw.refund_receive_account {
            None => None,
            Some(account) => Some(account.check().ok_or_else(|| invalid("refundReceiveAccount", "은행, 숫자 20자, 예금주 60자"))?),
        };
        let installment_months = raw.installment_months.unwrap_or(0);
        // Instalments are for 50,000 KRW and more (Toss docs).
        if installment_months != 0 && (!(2..=12).contains(&installment_months) || amount.get() < 50_000) {
            return Err(invalid("installmentMonths", "0, 2~12, 50,000원부터"));
        }
        if raw.method_id.as_ref().is_some_and(|id| !has_chars(id, 1, 100)) {
            return Err(invalid("methodId", "1~100자"));
        }
        let returns = Returns::check(raw.success_url.as_deref(), raw.fail_url.as_deref(), raw.opener_origin.as_deref())?;
        Ok(Self {
            order_id: raw.order_id,
            order_name: raw.order_name,
            amount,
            country: raw.country,
            customer_key: raw.customer_key,
            customer_name: raw.customer_name,
            customer_mobile_phone: raw.customer_mobile_phone,
            method,
            card_company,
            card_number: CardNumber::of_window(),
            installment_months,
            tax_free_amount,
            tax_exemption_amount,
            use_escrow: raw.use_escrow.unwrap_or(false),
            use_card_point: false,
            is_interest_free: false,
            culture_expense: raw.culture_expense.unwrap_or(false),
            bank,
            deadline,
            refund_account,
            cash_receipt: raw.cash_receipt,
            mobile_carriers: raw.mobile_carriers.unwrap_or_default(),
            flow: raw.flow,
            payment_type: raw.payment_type,
            method_id: raw.method_id,
            auth_skip: raw.auth_skip,
            metadata: raw.metadata,
            returns,
        })
    }
}

/// The error that the browser SDK throws for an argument out of its limits.
pub(crate) fn invalid(field: &str, rule: &str) -> ApiError {
    ApiError::other(
        StatusCode::BAD_REQUEST,
        "INVALID_PARAMETER",
        format!("{field} 값이 올바르지 않습니다. ({rule})"),
        format!("{field} is not valid. ({rule})"),
    )
}

/// SDK pages and the English error text allow `=`, the API reference does not: it is accepted here.
pub(crate) fn is_order_id(text: &str) -> bool {
    (6..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_=".contains(&b))
}

pub(crate) fn is_customer_key(text: &str) -> bool {
    (2..=50).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_=.@".contains(&b))
}

pub(crate) fn is_phone(text: &str) -> bool {
    (8..=15).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_metadata(pairs: &BTreeMap<String, String>) -> bool {
    pairs.len() <= 5 && pairs.iter().all(|(key, value)| has_chars(key, 1, 40) && !key.contains(['[', ']']) && has_chars(value, 0, 2000))
}

pub(crate) fn has_chars(text: &str, least: usize, most: usize) -> bool {
    // Counts no further than needed: the text comes from outside.
    (least..=most).contains(&text.chars().take(most + 1).count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw() -> RawOrder {
        RawOrder {
            order_id: "order-1".to_owned(),
            order_name: "토스 티셔츠 외 2건".to_owned(),
            amount: Decimal::of(45_000, Currency::Krw),
            ..RawOrder::default()
        }
    }

    #[test]
    fn limits_of_the_fields_hold_at_both_ends() {
        let ok = |change: fn(&mut RawOrder)| {
            let mut order = raw();
            change(&mut order);
            Order::check(order).is_ok()
        };
        assert!(ok(|_| {}));
        assert!(ok(|o| o.order_id = "a".repeat(64)));
        assert!(!ok(|o| o.order_id = "a".repeat(65)));
        assert!(!ok(|o| o.order_id = "abcde".to_owned()));
        assert!(!ok(|o| o.order_id = "abc def".to_owned()));
        assert!(ok(|o| o.order_name = "가".repeat(100)));
        assert!(!ok(|o| o.order_name = "가".repeat(101)));
        assert!(!ok(|o| o.order_name.clear()));
        assert!(!ok(|o| o.currency = Some("USD".to_owned())), "a card is not paid in dollars");
        assert!(!ok(|o| o.method = Method::Paypal), "nor PayPal in won");
        assert!(ok(|o| (o.method, o.currency) = (Method::Paypal, Some("USD".to_owned()))));
        assert!(!ok(|o| o.country = Some("Korea".to_owned())));
        assert!(ok(|o| o.customer_key = Some("@@ANONYMOUS".to_owned())));
        assert!(!ok(|o| o.customer_key = Some("a".to_owned())));
        assert!(!ok(|o| o.customer_key = Some("a+b".to_owned())));
        assert!(!ok(|o| o.customer_mobile_phone = Some("010-1234-5678".to_owned())));
        assert!(!ok(|o| o.customer_email = Some("a".repeat(101))));
        assert!(!ok(|o| o.card_company = Some("XX".to_owned())));
        assert!(!ok(|o| o.tax_free_amount = Some(45_001)));
        assert!(!ok(|o| {
            o.tax_free_amount = Some(i64::MAX);
            o.tax_exemption_amount = Some(i64::MAX);
        }));
        assert!(!ok(|o| o.metadata = Some((0..6).map(|i| (i.to_string(), String::new())).collect())));
        assert!(!ok(|o| o.metadata = Some([("a[0]".to_owned(), String::new())].into())));
        assert!(!ok(|o| o.success_url = Some("http://127.0.0.1/s".to_owned())));
        assert!(!ok(|o| {
            o.success_url = Some("/success".to_owned());
            o.fail_url = Some("http://127.0.0.1/f".to_owned());
        }));
        assert!(!ok(|o| {
            o.success_url = Some("javascript:alert(1)".to_owned());
            o.fail_url = Some("http://127.0.0.1/f".to_owned());
        }));
    }
}
