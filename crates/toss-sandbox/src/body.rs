//! The Payment object of version 2022-11-16 as JSON: every field, in the order that real answers have.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    error::Language,
    order::{Method, Order},
    payment::{self, Payment, Stage},
};

/// Toss docs /reference (Payment). Methods that are not in use are null, empty lists are null.
///
/// Reading it back serves the faults that falsify an answer on its way out.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PaymentBody {
    m_id: String,
    last_transaction_key: Option<String>,
    transaction_key: Option<String>,
    payment_key: String,
    pub(crate) order_id: String,
    order_name: String,
    tax_exemption_amount: i64,
    pub(crate) status: String,
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
    cancels: Option<()>,
    secret: Option<String>,
    r#type: String,
    easy_pay: Option<EasyPay>,
    easy_pay_amount: Option<i64>,
    easy_pay_discount_amount: Option<i64>,
    country: String,
    failure: Option<Failure>,
    is_partial_cancelable: bool,
    receipt: Option<Link>,
    checkout: Option<Link>,
    currency: String,
    pub(crate) total_amount: i64,
    balance_amount: i64,
    supplied_amount: i64,
    vat: i64,
    tax_free_amount: i64,
    method: Option<String>,
    version: String,
    metadata: Option<BTreeMap<String, String>>,
    #[serde(flatten)]
    pub(crate) extra: Map<String, Value>,
}

#[derive(Debug, Serialize, Deserialize)]
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

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct EasyPay {
    provider: String,
    amount: i64,
    discount_amount: i64,
}

#[derive(Debug, Serialize, Deserialize)]
struct Failure {
    code: String,
    message: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Link {
    url: String,
}

impl PaymentBody {
    /// The payment as a look-up or a confirm shows it. Links lead to `origin`, the sandbox itself.
    pub(crate) fn of(payment: &Payment, m_id: &str, language: Language, origin: &str) -> Self {
        let order = &payment.order;
        let total = order.amount.get();
        let words = Words::of(language);
        let (approved_at, transaction_key) = match &payment.stage {
            Stage::Done { at, transaction_key } => (Some(at.to_kst()), Some(transaction_key.clone())),
            Stage::Ready | Stage::InProgress { .. } | Stage::Aborted { .. } | Stage::Expired => (None, None),
        };
        let charged = approved_at.is_some();
        // An expired payment has lost method, secret and escrow, as in the payload that a merchant logged.
        let expired = matches!(payment.stage, Stage::Expired);
        let chosen = charged || matches!(payment.stage, Stage::InProgress { .. });
        let failure = match &payment.stage {
            Stage::Aborted { failure } => Some((failure.code.clone(), failure.message(language).to_owned())),
            Stage::Expired => Some(payment::expiry(language)),
            Stage::Ready | Stage::InProgress { .. } | Stage::Done { .. } => None,
        };
        let vat = vat(order);
        Self {
            m_id: m_id.to_owned(),
            last_transaction_key: transaction_key,
            transaction_key: None,
            payment_key: payment.payment_key.clone(),
            order_id: order.order_id.clone(),
            order_name: order.order_name.clone(),
            tax_exemption_amount: order.tax_exemption_amount,
            status: payment.status().as_str().to_owned(),
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
            cancels: None,
            secret: (!expired).then(|| payment.secret.clone()),
            r#type: "NORMAL".to_owned(),
            easy_pay: (charged && order.method == Method::Tosspay).then(|| EasyPay {
                provider: words.tosspay.to_owned(),
                amount: total,
                discount_amount: 0,
            }),
            easy_pay_amount: None,
            easy_pay_discount_amount: None,
            country: "KR".to_owned(),
            failure: failure.map(|(code, message)| Failure { code, message }),
            is_partial_cancelable: true,
            receipt: charged.then(|| Link { url: format!("{origin}/receipt/redirection?transactionId={}&ref=PX", payment.payment_key) }),
            checkout: Some(Link { url: format!("{origin}/v1/payments/{}/checkout", payment.payment_key) }),
            currency: "KRW".to_owned(),
            total_amount: total,
            balance_amount: total,
            supplied_amount: total - vat - order.tax_free_amount - order.tax_exemption_amount,
            vat,
            tax_free_amount: order.tax_free_amount,
            method: chosen.then(|| {
                match order.method {
                    Method::Card => words.card,
                    Method::Tosspay => words.easy_pay,
                }
                .to_owned()
            }),
            version: "2022-11-16".to_owned(),
            metadata: order.metadata.clone(),
            extra: Map::new(),
        }
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("invariant: a payment has string keys only")
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

/// `round((amount - tax-free) / 11)`, halves up (Toss docs). Assumed: the excluded part bears no tax either.
fn vat(order: &Order) -> i64 {
    let taxed = order.amount.get() - order.tax_free_amount - order.tax_exemption_amount;
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
