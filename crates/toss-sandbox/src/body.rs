//! The Payment object of version 2022-11-16 as JSON: every field, in the order that real answers have.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    clock::UnixMs,
    error::Language,
    order::{Method, Order},
    payment::{self, Cancel, Payment, Stage},
};

/// Toss docs /reference (Payment). Methods that are not in use are null, empty lists are null.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PaymentBody {
    m_id: String,
    last_transaction_key: Option<String>,
    transaction_key: Option<String>,
    payment_key: String,
    order_id: String,
    order_name: String,
    tax_exemption_amount: i64,
    pub(crate) status: &'static str,
    requested_at: String,
    approved_at: Option<String>,
    use_escrow: Option<bool>,
    culture_expense: bool,
    card: Option<Card>,
    virtual_account: Option<()>,
    transfer: Option<()>,
    mobile_phone: Option<()>,
    gift_certificate: Option<()>,
    cash_receipt: Option<()>,
    cash_receipts: Option<()>,
    discount: Option<()>,
    cancels: Option<Vec<CancelEntry>>,
    pub(crate) secret: Option<String>,
    r#type: &'static str,
    easy_pay: Option<EasyPay>,
    easy_pay_amount: Option<i64>,
    easy_pay_discount_amount: Option<i64>,
    country: String,
    failure: Option<Failure>,
    is_partial_cancelable: bool,
    receipt: Option<Link>,
    checkout: Option<Link>,
    currency: String,
    total_amount: i64,
    balance_amount: i64,
    supplied_amount: i64,
    vat: i64,
    tax_free_amount: i64,
    method: Option<String>,
    version: String,
    metadata: Option<BTreeMap<String, String>>,
}

/// Toss docs /reference (Cancel).
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CancelEntry {
    cancel_amount: i64,
    cancel_reason: String,
    tax_free_amount: i64,
    tax_exemption_amount: i64,
    refundable_amount: i64,
    card_discount_amount: i64,
    transfer_discount_amount: i64,
    easy_pay_discount_amount: i64,
    canceled_at: String,
    transaction_key: String,
    receipt_key: Option<String>,
    cancel_status: &'static str,
    cancel_request_id: Option<String>,
}

impl CancelEntry {
    pub(crate) fn of(cancel: &Cancel) -> Self {
        Self {
            cancel_amount: cancel.amount.get(),
            cancel_reason: cancel.reason.clone(),
            tax_free_amount: cancel.tax_free,
            tax_exemption_amount: cancel.tax_exemption,
            refundable_amount: cancel.refundable,
            card_discount_amount: 0,
            transfer_discount_amount: 0,
            easy_pay_discount_amount: 0,
            canceled_at: cancel.at.to_kst(),
            transaction_key: cancel.transaction_key.clone(),
            receipt_key: None,
            // Domestic cancels are synchronous (Toss docs).
            cancel_status: "DONE",
            cancel_request_id: cancel.request_id.clone(),
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Card {
    amount: i64,
    issuer_code: String,
    acquirer_code: Option<String>,
    number: String,
    installment_plan_months: i64,
    approve_no: String,
    use_card_point: bool,
    card_type: String,
    owner_type: String,
    acquire_status: String,
    is_interest_free: bool,
    interest_payer: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct EasyPay {
    provider: String,
    amount: i64,
    discount_amount: i64,
}

#[derive(Debug, Serialize)]
struct Failure {
    code: String,
    message: String,
}

#[derive(Debug, Serialize)]
struct Link {
    url: String,
}

impl PaymentBody {
    /// The payment as a look-up or a confirm shows it. Links lead to `origin`, the sandbox itself.
    pub(crate) fn of(payment: &Payment, m_id: &str, language: Language, origin: &str, _now: UnixMs) -> Self {
        let order = &payment.order;
        let total = order.amount.get();
        let words = Words::of(language);
        let approved_at = match payment.stage() {
            Stage::Charged { at, .. } => Some(at.to_kst()),
            Stage::Ready
            | Stage::InProgress { .. }
            | Stage::Waiting { .. }
            | Stage::Withdrawn { .. }
            | Stage::Aborted { .. }
            | Stage::Expired => None,
        };
        let charged = approved_at.is_some();
        // An expired payment has lost method, secret and escrow, as in the payload that a merchant logged.
        let expired = matches!(payment.stage(), Stage::Expired);
        let chosen = payment.is_approved() || matches!(payment.stage(), Stage::InProgress { .. });
        let failure = match payment.stage() {
            Stage::Aborted { failure } => Some((failure.code.clone(), failure.message(language).to_owned())),
            Stage::Expired => Some(payment::expiry(language)),
            Stage::Ready | Stage::InProgress { .. } | Stage::Waiting { .. } | Stage::Withdrawn { .. } | Stage::Charged { .. } => None,
        };
        let balance = payment.balance();
        let (tax_free, tax_exemption) = payment.untaxed_left();
        let vat = vat(balance - tax_free - tax_exemption);
        let cancels: Vec<_> = payment.cancels().iter().map(CancelEntry::of).collect();
        Self {
            m_id: m_id.to_owned(),
            last_transaction_key: payment.last_transaction_key().map(str::to_owned),
            transaction_key: None,
            payment_key: payment.payment_key.clone(),
            order_id: order.order_id.clone(),
            order_name: order.order_name.clone(),
            tax_exemption_amount: tax_exemption,
            status: payment.status().as_str(),
            requested_at: payment.requested_at.to_kst(),
            approved_at,
            use_escrow: (!expired).then_some(order.use_escrow),
            // Documented for transfers and virtual accounts only, always false for cards.
            culture_expense: false,
            card: (charged && order.method == Method::Card).then(|| Card::of(order, &words)),
            virtual_account: None,
            transfer: None,
            mobile_phone: None,
            gift_certificate: None,
            cash_receipt: None,
            cash_receipts: None,
            discount: None,
            cancels: (!cancels.is_empty()).then_some(cancels),
            secret: (!expired).then(|| payment.secret.clone()),
            r#type: payment.kind.as_str(),
            easy_pay: (charged && order.method == Method::Tosspay).then(|| EasyPay {
                provider: words.tosspay.to_owned(),
                amount: total,
                discount_amount: 0,
            }),
            easy_pay_amount: None,
            easy_pay_discount_amount: None,
            country: "KR".to_owned(),
            failure: failure.map(|(code, message)| Failure { code, message }),
            is_partial_cancelable: payment.is_partial_cancelable(),
            receipt: charged.then(|| Link { url: format!("{origin}/receipt/redirection?transactionId={}&ref=PX", payment.payment_key) }),
            checkout: Some(Link { url: format!("{origin}/v1/payments/{}/checkout", payment.payment_key) }),
            currency: "KRW".to_owned(),
            total_amount: total,
            balance_amount: balance,
            supplied_amount: balance - vat - tax_free - tax_exemption,
            vat,
            tax_free_amount: tax_free,
            method: chosen.then(|| {
                match order.method {
                    Method::Card => words.card,
                    Method::Tosspay => words.easy_pay,
                }
                .to_owned()
            }),
            version: "2022-11-16".to_owned(),
            metadata: order.metadata.clone(),
        }
    }
}

impl Card {
    fn of(order: &Order, words: &Words) -> Self {
        Self {
            amount: order.amount.get(),
            issuer_code: order.card_company.code.to_owned(),
            acquirer_code: Some(order.card_company.code.to_owned()),
            number: "43301234****123*".to_owned(),
            installment_plan_months: 0,
            approve_no: "00000000".to_owned(),
            use_card_point: false,
            card_type: words.credit.to_owned(),
            owner_type: words.personal.to_owned(),
            acquire_status: "READY".to_owned(),
            is_interest_free: false,
            interest_payer: None,
        }
    }
}

/// `round((amount - tax-free) / 11)` of what is left, halves up (Toss docs). Assumed: the excluded part bears no tax
/// either.
fn vat(taxed: i64) -> i64 {
    (2 * taxed + 11) / 22
}

/// The Korean enum words and their English forms under `Accept-Language: en-US`. The English words are assumed.
struct Words {
    card: &'static str,
    easy_pay: &'static str,
    tosspay: &'static str,
    credit: &'static str,
    personal: &'static str,
}

impl Words {
    fn of(language: Language) -> Self {
        match language {
            Language::Korean => {
                Self { card: "카드", easy_pay: "간편결제", tosspay: "토스페이", credit: "신용", personal: "개인" }
            }
            Language::English => Self { card: "CARD", easy_pay: "EASY_PAY", tosspay: "TOSSPAY", credit: "CREDIT", personal: "PERSONAL" },
        }
    }
}
