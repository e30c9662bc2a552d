//! The payment as Toss reports it. Source: Toss docs `/reference`, object Payment, version 2022-11-16.
//!
//! Five fields make a payment: its key, the order, the status, the total and the currency. Whatever else is missing, null
//! or of an unexpected type is `None`, and the body as received is at hand in [`Response::raw`](crate::Response).

mod cancel;
mod method;
mod receipt;
mod words;

pub use cancel::Cancel;
pub use method::{Card, EasyPay, GiftCertificate, MobilePhone, RefundAccount, Transfer, VirtualAccount};
pub use receipt::{CashReceipt, CashReceiptEntry, Failure};
pub use words::{
    AccountType, AcquireStatus, CancelStatus, CardType, CashReceiptTransaction, CashReceiptType, Currency, InterestPayer, IssueStatus,
    Method, OwnerType, PaymentType, RefundStatus, SettlementStatus, Status,
};

use crate::ids::{OrderId, PaymentKey};
use crate::json::{FromJson, Object, without_bom};
use crate::money::{Amount, Won};
use crate::sensitive::{Link, Sensitive};
use crate::timestamp::Timestamp;
use std::collections::BTreeMap;
use thiserror::Error;

/// A payment. Amounts are in [`currency`](Payment::currency).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Payment {
    /// The key of the payment.
    pub payment_key: PaymentKey,
    /// The shop's order.
    pub order_id: OrderId,
    /// Where the payment stands.
    pub status: Status,
    /// The amount asked for; never changes.
    pub total_amount: Amount,
    /// The currency of every amount.
    pub currency: Currency,
    /// What is left to refund. Zero means fully refunded, whatever the status says.
    pub balance_amount: Option<Amount>,
    /// The version of the object, such as `2022-11-16`.
    pub version: Option<String>,
    /// How the payment was started.
    pub payment_type: Option<PaymentType>,
    /// What the order is called.
    pub order_name: Option<String>,
    /// The merchant id.
    pub m_id: Option<String>,
    /// What the buyer pays with; absent before a choice.
    pub method: Option<Method>,
    /// When the payment was asked for.
    pub requested_at: Option<Timestamp>,
    /// When it was approved; absent while a deposit is awaited.
    pub approved_at: Option<Timestamp>,
    /// Whether it is an escrow payment.
    pub use_escrow: Option<bool>,
    /// The key of the last approval or cancel.
    pub last_transaction_key: Option<String>,
    /// Listed by the reference; null in logged payloads.
    pub transaction_key: Option<String>,
    /// The supply value: total without VAT and tax-free parts. Falls with cancels.
    pub supplied_amount: Option<Amount>,
    /// Value-added tax. Falls with cancels.
    pub vat: Option<Amount>,
    /// The tax-free part.
    pub tax_free_amount: Option<Amount>,
    /// The part excluded from taxation.
    pub tax_exemption_amount: Option<Amount>,
    /// Whether it counts as cultural expense; always false for cards.
    pub culture_expense: Option<bool>,
    /// Whether part of it can be cancelled.
    pub is_partial_cancelable: Option<bool>,
    /// What a deposit webhook has to carry to be genuine. Store it; compare in constant time.
    pub secret: Option<Sensitive>,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// Paid with an easy-pay provider's points or money.
    pub easy_pay_amount: Option<Amount>,
    /// Discounted by an easy-pay provider.
    pub easy_pay_discount_amount: Option<Amount>,
    /// What the shop attached. A value that is no string is kept as its JSON text.
    pub metadata: Option<BTreeMap<String, Sensitive>>,
    /// Where it was paid by card.
    pub card: Option<Card>,
    /// Where a virtual account was issued.
    pub virtual_account: Option<VirtualAccount>,
    /// Where it was paid by account transfer.
    pub transfer: Option<Transfer>,
    /// Where it was paid on a phone bill.
    pub mobile_phone: Option<MobilePhone>,
    /// Where it was paid with a gift certificate.
    pub gift_certificate: Option<GiftCertificate>,
    /// Where it was paid with an easy-pay provider.
    pub easy_pay: Option<EasyPay>,
    /// The cash receipt.
    pub cash_receipt: Option<CashReceipt>,
    /// Every issue and cancel of a cash receipt, in no order; empty where Toss sent null.
    pub cash_receipts: Vec<CashReceiptEntry>,
    /// Discounted at once by a card company's or bank's promotion (the object `discount`).
    pub discount_amount: Option<Amount>,
    /// Every cancel; empty where Toss sent null.
    pub cancels: Vec<Cancel>,
    /// The buyer's receipt (the object `receipt`).
    pub receipt_url: Option<Link>,
    /// Toss's own checkout page of the payment (the object `checkout`).
    pub checkout_url: Option<Link>,
    /// Why it failed, where it failed.
    pub failure: Option<Failure>,
}

/// Why a text is not a payment. Never carries the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum NotAPayment {
    /// Not one whole JSON object in which every field stands once.
    #[error("the body is not a JSON object")]
    NotAnObject,
    /// One of the five fields that make a payment is missing, null or of another type.
    #[error("the field {0} is missing or unreadable")]
    Field(&'static str),
}

impl Payment {
    /// Reads a payment from JSON, such as a stored [`Response::raw`](crate::Response).
    ///
    /// ```
    /// use toss_payments::{Payment, Status, Won};
    ///
    /// let payment = Payment::from_json(
    ///     r#"{"paymentKey":"tviva2026","orderId":"order-1","status":"DONE","totalAmount":45000,"currency":"KRW"}"#,
    /// )?;
    /// assert_eq!(payment.status, Status::Done);
    /// assert_eq!(payment.total_won(), Won::new(45_000).ok());
    /// # Ok::<(), toss_payments::payment::NotAPayment>(())
    /// ```
    ///
    /// # Errors
    /// [`NotAPayment`] where it is no JSON object or one of the five essential fields cannot be read.
    pub fn from_json(text: &str) -> Result<Payment, NotAPayment> {
        fn essential<T: FromJson>(o: &Object<'_>, name: &'static str) -> Result<T, NotAPayment> {
            o.get(name).ok_or(NotAPayment::Field(name))
        }

        let o = Object::parse(without_bom(text)).map_err(|_| NotAPayment::NotAnObject)?;
        Ok(Payment {
            payment_key: essential(&o, "paymentKey")?,
            order_id: essential(&o, "orderId")?,
            status: essential(&o, "status")?,
            total_amount: essential(&o, "totalAmount")?,
            currency: essential(&o, "currency")?,
            balance_amount: o.get("balanceAmount"),
            version: o.get("version"),
            payment_type: o.get("type"),
            order_name: o.get("orderName"),
            m_id: o.get("mId"),
            method: o.get("method"),
            requested_at: o.get("requestedAt"),
            approved_at: o.get("approvedAt"),
            use_escrow: o.get("useEscrow"),
            last_transaction_key: o.get("lastTransactionKey"),
            transaction_key: o.get("transactionKey"),
            supplied_amount: o.get("suppliedAmount"),
            vat: o.get("vat"),
            tax_free_amount: o.get("taxFreeAmount"),
            tax_exemption_amount: o.get("taxExemptionAmount"),
            culture_expense: o.get("cultureExpense"),
            is_partial_cancelable: o.get("isPartialCancelable"),
            secret: o.get("secret"),
            country: o.get("country"),
            easy_pay_amount: o.get("easyPayAmount"),
            easy_pay_discount_amount: o.get("easyPayDiscountAmount"),
            metadata: o.get("metadata"),
            card: o.get("card"),
            virtual_account: o.get("virtualAccount"),
            transfer: o.get("transfer"),
            mobile_phone: o.get("mobilePhone"),
            gift_certificate: o.get("giftCertificate"),
            easy_pay: o.get("easyPay"),
            cash_receipt: o.get("cashReceipt"),
            cash_receipts: o.get("cashReceipts").unwrap_or_default(),
            discount_amount: o.get::<Inner<Amount>>("discount").map(|inner| inner.0),
            cancels: o.get("cancels").unwrap_or_default(),
            receipt_url: o.get::<Inner<Link>>("receipt").map(|inner| inner.0),
            checkout_url: o.get::<Inner<Link>>("checkout").map(|inner| inner.0),
            failure: o.get("failure"),
        })
    }

    /// The total as won; `None` in another currency, and where it is not a whole number of won.
    #[must_use]
    pub fn total_won(&self) -> Option<Won> {
        self.won(self.total_amount)
    }

    /// What is left to refund as won; `None` as for [`total_won`](Payment::total_won), and where Toss did not say.
    #[must_use]
    pub fn balance_won(&self) -> Option<Won> {
        self.balance_amount.and_then(|amount| self.won(amount))
    }

    fn won(&self, amount: Amount) -> Option<Won> {
        if self.currency == Currency::Krw { amount.as_won() } else { None }
    }
}

/// An object that wraps a single value: `{"url": …}`, `{"amount": …}`.
struct Inner<T>(T);

impl FromJson for Inner<Link> {
    fn from_json(text: &str) -> Option<Inner<Link>> {
        Object::parse(text).ok()?.get("url").map(Inner)
    }
}

impl FromJson for Inner<Amount> {
    fn from_json(text: &str) -> Option<Inner<Amount>> {
        Object::parse(text).ok()?.get("amount").map(Inner)
    }
}

impl FromJson for PaymentKey {
    fn from_json(text: &str) -> Option<PaymentKey> {
        String::from_json(text).and_then(PaymentKey::received)
    }
}

impl FromJson for OrderId {
    fn from_json(text: &str) -> Option<OrderId> {
        String::from_json(text).and_then(OrderId::received)
    }
}

impl FromJson for BTreeMap<String, Sensitive> {
    fn from_json(text: &str) -> Option<BTreeMap<String, Sensitive>> {
        let object = Object::parse(text).ok()?;
        let value = |text: &str| Sensitive::from_json(text).unwrap_or_else(|| Sensitive::new(text));
        Some(object.entries().map(|(name, text)| (name.to_owned(), value(text))).collect())
    }
}
