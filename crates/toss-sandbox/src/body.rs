//! The Payment object of version 2022-11-16 as JSON: every field, in the order that real answers have.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    clock::UnixMs,
    error::Language,
    method::Group,
    money::{Currency, Decimal},
    order::Order,
    payment::{self, Account, Cancel, Payment, REFUND_ACCOUNT_SHOWN_FOR, Stage},
    receipts::{self, CashReceipts},
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
    tax_exemption_amount: Decimal,
    pub(crate) status: &'static str,
    requested_at: String,
    approved_at: Option<String>,
    use_escrow: Option<bool>,
    culture_expense: bool,
    card: Option<Card>,
    virtual_account: Option<VirtualAccount>,
    transfer: Option<Transfer>,
    mobile_phone: Option<MobilePhone>,
    gift_certificate: Option<GiftCertificate>,
    cash_receipt: Option<receipts::Summary>,
    cash_receipts: Option<Vec<receipts::Body>>,
    discount: Option<()>,
    cancels: Option<Vec<CancelEntry>>,
    pub(crate) secret: Option<String>,
    r#type: &'static str,
    easy_pay: Option<EasyPay>,
    easy_pay_amount: Option<Decimal>,
    easy_pay_discount_amount: Option<Decimal>,
    country: String,
    failure: Option<Failure>,
    is_partial_cancelable: bool,
    receipt: Option<Link>,
    checkout: Option<Link>,
    currency: Currency,
    total_amount: Decimal,
    balance_amount: Decimal,
    supplied_amount: Decimal,
    vat: Decimal,
    tax_free_amount: Decimal,
    method: Option<&'static str>,
    version: &'static str,
    metadata: Option<BTreeMap<String, String>>,
}

/// Toss docs /reference (Cancel).
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CancelEntry {
    cancel_amount: Decimal,
    cancel_reason: String,
    tax_free_amount: Decimal,
    tax_exemption_amount: Decimal,
    refundable_amount: Decimal,
    card_discount_amount: Decimal,
    transfer_discount_amount: Decimal,
    easy_pay_discount_amount: Decimal,
    canceled_at: String,
    transaction_key: String,
    receipt_key: Option<String>,
    cancel_status: &'static str,
    cancel_request_id: Option<String>,
}

impl CancelEntry {
    pub(crate) fn of(cancel: &Cancel) -> Self {
        let currency = cancel.amount.currency();
        let figure = |units| Decimal::of(units, currency);
        Self {
            cancel_amount: figure(cancel.amount.get()),
            cancel_reason: cancel.reason.clone(),
            tax_free_amount: figure(cancel.tax_free),
            tax_exemption_amount: figure(cancel.tax_exemption),
            refundable_amount: figure(cancel.refundable),
            card_discount_amount: figure(0),
            transfer_discount_amount: figure(0),
            easy_pay_discount_amount: figure(0),
            canceled_at: cancel.at.to_kst(),
            transaction_key: cancel.transaction_key.clone(),
            receipt_key: cancel.receipt_key.clone(),
            // Domestic cancels are synchronous (Toss docs).
            cancel_status: cancel.state.as_str(),
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
struct VirtualAccount {
    account_type: &'static str,
    account_number: String,
    bank_code: &'static str,
    customer_name: String,
    depositor_name: Option<String>,
    due_date: String,
    refund_status: &'static str,
    expired: bool,
    settlement_status: &'static str,
    refund_receive_account: Option<RefundReceiveAccount>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RefundReceiveAccount {
    bank_code: &'static str,
    account_number: String,
    holder_name: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Transfer {
    bank_code: String,
    settlement_status: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct MobilePhone {
    customer_mobile_phone: String,
    settlement_status: &'static str,
    receipt_url: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct GiftCertificate {
    approve_no: String,
    settlement_status: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct EasyPay {
    provider: &'static str,
    amount: Decimal,
    discount_amount: Decimal,
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
    pub(crate) fn of(payment: &Payment, shelf: &CashReceipts, m_id: &str, language: Language, origin: &str, now: UnixMs) -> Self {
        let order = &payment.order;
        let figure = |units| Decimal::of(units, order.amount.currency());
        let total = figure(order.amount.get());
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
        let group = order.method.group();
        let used = |wanted: Group| charged && group == wanted;
        // A payload of PayPal that a merchant logged has no escrow, no secret and no receipt.
        let abroad = group == Group::ForeignEasyPay;
        let receipt = payment.receipt_url(origin);
        let cash_receipts: Vec<_> =
            payment.receipts.all(shelf).into_iter().map(|receipt| receipts::Body::of(receipt, language, origin, now)).collect();
        let cancels: Vec<_> = payment.cancels().iter().map(CancelEntry::of).collect();
        Self {
            m_id: m_id.to_owned(),
            last_transaction_key: payment.last_transaction_key().map(str::to_owned),
            transaction_key: None,
            payment_key: payment.payment_key.clone(),
            order_id: order.order_id.clone(),
            order_name: order.order_name.clone(),
            tax_exemption_amount: figure(tax_exemption),
            status: payment.status().as_str(),
            requested_at: payment.requested_at.to_kst(),
            approved_at,
            use_escrow: (!expired && !abroad).then_some(order.use_escrow),
            // Documented for transfers and virtual accounts only, always false for cards.
            culture_expense: order.culture_expense && matches!(group, Group::Transfer | Group::VirtualAccount),
            card: used(Group::Card).then(|| Card::of(order, &words)),
            virtual_account: payment.account().map(|account| VirtualAccount::of(payment, account, &words, now)),
            transfer: used(Group::Transfer)
                .then(|| Transfer { bank_code: order.bank.map_or("92", |bank| bank.code).to_owned(), settlement_status: "INCOMPLETED" }),
            mobile_phone: used(Group::MobilePhone).then(|| MobilePhone {
                customer_mobile_phone: order.customer_mobile_phone.clone().unwrap_or_else(|| "01012345678".to_owned()),
                settlement_status: "INCOMPLETED",
                receipt_url: receipt.clone(),
            }),
            gift_certificate: used(Group::GiftCertificate)
                .then(|| GiftCertificate { approve_no: "00000000".to_owned(), settlement_status: "INCOMPLETED" }),
            cash_receipt: payment.receipts.current(shelf).map(|receipt| receipts::Summary::of(receipt, language, origin)),
            cash_receipts: (!cash_receipts.is_empty()).then_some(cash_receipts),
            discount: None,
            cancels: (!cancels.is_empty()).then_some(cancels),
            secret: (!expired && !abroad).then(|| payment.secret.clone()),
            r#type: payment.kind.as_str(),
            // Assumed for payments abroad: the same object, with the provider's Korean name.
            easy_pay: (used(Group::EasyPay) || used(Group::ForeignEasyPay)).then(|| EasyPay {
                provider: match language {
                    Language::Korean => order.method.korean(),
                    Language::English => order.method.english(),
                },
                amount: total,
                discount_amount: figure(0),
            }),
            easy_pay_amount: None,
            easy_pay_discount_amount: None,
            // Assumed: a shop that does not say where the buyer is sells to the USA.
            country: order.country.clone().unwrap_or_else(|| if abroad { "US" } else { "KR" }.to_owned()),
            failure: failure.map(|(code, message)| Failure { code, message }),
            is_partial_cancelable: payment.is_partial_cancelable(),
            receipt: (payment.is_approved() && !abroad).then_some(Link { url: receipt }),
            checkout: Some(Link { url: format!("{origin}/v1/payments/{}/checkout", payment.payment_key) }),
            currency: order.amount.currency(),
            total_amount: total,
            balance_amount: figure(balance),
            supplied_amount: figure(balance - vat - tax_free - tax_exemption),
            vat: figure(vat),
            tax_free_amount: figure(tax_free),
            method: chosen.then(|| order.method.word(language)),
            version: "2022-11-16",
            metadata: order.metadata.clone(),
        }
    }
}

impl VirtualAccount {
    fn of(payment: &Payment, account: &Account, words: &Words, now: UnixMs) -> Self {
        let deposited = matches!(payment.stage(), Stage::Charged { .. });
        let waiting = matches!(payment.stage(), Stage::Waiting { .. });
        let shown = now.since(payment.requested_at) < REFUND_ACCOUNT_SHOWN_FOR;
        Self {
            account_type: if account.is_fixed { words.fixed } else { words.ordinary },
            account_number: account.number.clone(),
            bank_code: account.bank.code,
            customer_name: account.customer_name.clone(),
            // Null until the deposit. Assumed: the customer pays in their own name.
            depositor_name: deposited.then(|| account.customer_name.clone()),
            due_date: account.due.to_kst(),
            // Assumed: refunds of the sandbox are done at once.
            refund_status: if deposited && !payment.cancels().is_empty() { "COMPLETED" } else { "NONE" },
            expired: waiting && account.is_expired(now),
            settlement_status: "INCOMPLETED",
            refund_receive_account: account.refund_account.as_ref().filter(|_| shown).map(|refund| RefundReceiveAccount {
                bank_code: refund.bank.code,
                account_number: refund.number.clone(),
                holder_name: refund.holder.clone(),
            }),
        }
    }
}

impl Card {
    fn of(order: &Order, words: &Words) -> Self {
        Self {
            amount: order.amount.get(),
            issuer_code: order.card_company.code.to_owned(),
            acquirer_code: Some(order.card_company.code.to_owned()),
            number: order.card_number.masked.clone(),
            installment_plan_months: order.installment_months,
            approve_no: "00000000".to_owned(),
            use_card_point: order.use_card_point,
            card_type: if order.card_number.known { words.credit } else { words.unknown }.to_owned(),
            owner_type: words.personal.to_owned(),
            acquire_status: "READY".to_owned(),
            is_interest_free: order.is_interest_free,
            // Assumed: only the shop, by useFreeInstallmentPlan, makes it free here.
            interest_payer: order.is_interest_free.then(|| "MERCHANT".to_owned()),
        }
    }
}

/// `round((amount - tax-free) / 11)` of what is left, halves up (Toss docs); of dollars too, to the cent (as a merchant
/// logged it). Assumed: the excluded part bears no tax either.
fn vat(taxed: i64) -> i64 {
    (2 * taxed + 11) / 22
}

/// The Korean enum words and their English forms under `Accept-Language: en-US`. The English words are assumed.
pub(crate) struct Words {
    pub(crate) credit: &'static str,
    pub(crate) unknown: &'static str,
    pub(crate) personal: &'static str,
    pub(crate) toss_bank: &'static str,
    ordinary: &'static str,
    fixed: &'static str,
}

impl Words {
    pub(crate) fn of(language: Language) -> Self {
        match language {
            Language::Korean => {
                Self {
                    credit: "신용", unknown: "미확인", personal: "개인", toss_bank: "토스뱅크", ordinary: "일반", fixed: "고정"
                }
            }
            Language::English => Self {
                credit: "CREDIT",
                unknown: "UNKNOWN",
                personal: "PERSONAL",
                toss_bank: "TOSSBANK",
                ordinary: "NORMAL",
                fixed: "FIXED",
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        bank::Bank,
        config::MerchantId,
        order::{Deadline, RawOrder},
        payment::RefundAccount,
    };

    #[test]
    fn the_refund_account_is_shown_for_thirty_minutes() {
        let opened = UnixMs::new(0);
        let raw = RawOrder {
            order_id: "order-1".to_owned(),
            order_name: "주문".to_owned(),
            amount: Decimal::of(1000, Currency::Krw),
            ..RawOrder::default()
        };
        let order = Order::check(raw).expect("a valid order");
        let refund = RefundAccount::check("88", "1000123456789", "김토스");
        let account = Account::issue(Bank::DEFAULT, "김토스".to_owned(), Deadline::DEFAULT.at(opened), refund);
        let payment = Payment::account_issued(MerchantId(0), "tsandbox", order, account, opened);
        let shown = |at: UnixMs| {
            let body = PaymentBody::of(&payment, &CashReceipts::new(1), "tsandbox", Language::Korean, "http://sandbox", at);
            serde_json::to_value(&body).expect("a body")["virtualAccount"]["refundReceiveAccount"].clone()
        };
        let expected = serde_json::json!({ "bankCode": "88", "accountNumber": "1000123456789", "holderName": "김토스" });
        assert_eq!(shown(UnixMs::new(30 * 60_000 - 1)), expected);
        assert_eq!(shown(UnixMs::new(30 * 60_000)), serde_json::Value::Null);
    }
}
