//! The whole payment.

use super::receipt::{CashReceipt, CashReceiptEntry, Failure};
use super::words::{Currency, Method, PaymentType, Status};
use super::{Cancel, Card, EasyPay, ForeignEasyPay, GiftCertificate, MobilePhone, Transfer, VirtualAccount};
use crate::error::DecodeError;
use crate::ids::{OrderId, PaymentKey, TransactionKey};
use crate::json::{FromJson, Object};
use crate::money::{Amount, Won};
use crate::object::{Essential, object};
use crate::sensitive::{Link, Sensitive};
use crate::timestamp::Timestamp;
use std::collections::BTreeMap;

object! {
    /// A payment. Amounts are in [`currency`](Payment::currency).
    ///
    /// ```
    /// use toss_payments::Payment;
    /// use toss_payments::{Currency, Method, PaymentType, Status};
    ///
    /// let payment = Payment::from_json(
    ///     r#"{"paymentKey":"tviva2026","orderId":"order-1","status":"DONE","totalAmount":45000,"currency":"KRW",
    ///         "balanceAmount":45000,"type":"NORMAL","method":"카드","approvedAt":"2026-08-01T12:00:00+09:00"}"#,
    /// )?;
    /// assert_eq!((payment.status, payment.currency), (Status::Done, Currency::Krw));
    /// assert_eq!((payment.method, payment.payment_type), (Some(Method::Card), Some(PaymentType::Normal)));
    /// assert!(payment.vat.is_none() && payment.cancels.is_empty());
    /// # Ok::<(), toss_payments::DecodeError>(())
    /// ```
    pub struct Payment {
        /// The key of the payment.
        payment_key: PaymentKey = "paymentKey",
        /// The shop's order.
        order_id: OrderId = "orderId",
        /// Where the payment stands.
        status: Status = "status",
        /// The amount asked for; never changes.
        total_amount: Amount = "totalAmount",
        /// The currency of every amount.
        currency: Currency = "currency",
        /// What is left to refund. Zero means fully refunded, whatever the status says.
        balance_amount: Option<Amount> = "balanceAmount",
        /// The version of the object, such as `2022-11-16`.
        version: Option<String> = "version",
        /// How the payment was started.
        payment_type: Option<PaymentType> = "type",
        /// What the order is called.
        order_name: Option<String> = "orderName",
        /// The merchant id.
        m_id: Option<String> = "mId",
        /// What the buyer pays with; absent before a choice.
        method: Option<Method> = "method",
        /// When the payment was asked for.
        requested_at: Option<Timestamp> = "requestedAt",
        /// When it was approved; absent while a deposit is awaited.
        approved_at: Option<Timestamp> = "approvedAt",
        /// Whether it is an escrow payment.
        use_escrow: Option<bool> = "useEscrow",
        /// The key of the last approval or cancel.
        last_transaction_key: Option<TransactionKey> = "lastTransactionKey",
        /// Listed by the reference; null in logged payloads.
        transaction_key: Option<TransactionKey> = "transactionKey",
        /// The supply value: total without VAT and tax-free parts. Falls with cancels.
        supplied_amount: Option<Amount> = "suppliedAmount",
        /// Value-added tax. Falls with cancels.
        vat: Option<Amount> = "vat",
        /// The tax-free part.
        tax_free_amount: Option<Amount> = "taxFreeAmount",
        /// The part excluded from taxation.
        tax_exemption_amount: Option<Amount> = "taxExemptionAmount",
        /// Whether it counts as cultural expense; always false for cards.
        culture_expense: Option<bool> = "cultureExpense",
        /// Whether part of it can be cancelled.
        is_partial_cancelable: Option<bool> = "isPartialCancelable",
        /// What a deposit webhook has to carry to be genuine. Store it; compare in constant time.
        secret: Option<Sensitive> = "secret",
        /// ISO 3166 alpha-2.
        country: Option<String> = "country",
        /// Paid with an easy-pay provider's points or money.
        easy_pay_amount: Option<Amount> = "easyPayAmount",
        /// Discounted by an easy-pay provider.
        easy_pay_discount_amount: Option<Amount> = "easyPayDiscountAmount",
        /// What the shop attached. A value that is no string is kept as its JSON text.
        metadata: Option<BTreeMap<String, Sensitive>> = "metadata",
        /// Where it was paid by card.
        card: Option<Card> = "card",
        /// Where a virtual account was issued.
        virtual_account: Option<VirtualAccount> = "virtualAccount",
        /// Where it was paid by account transfer.
        transfer: Option<Transfer> = "transfer",
        /// Where it was paid on a phone bill.
        mobile_phone: Option<MobilePhone> = "mobilePhone",
        /// Where it was paid with a gift certificate.
        gift_certificate: Option<GiftCertificate> = "giftCertificate",
        /// Where it was paid with an easy-pay provider.
        easy_pay: Option<EasyPay> = "easyPay",
        /// Where it was paid with an easy-pay provider abroad, in API versions before 2022-11-16.
        foreign_easy_pay: Option<ForeignEasyPay> = "foreignEasyPay",
        /// The cash receipt.
        cash_receipt: Option<CashReceipt> = "cashReceipt",
        /// Every issue and cancel of a cash receipt, in no order; empty where Toss sent null.
        cash_receipts: Vec<CashReceiptEntry> = "cashReceipts",
        /// Discounted at once by a card company's or bank's promotion (the object `discount`).
        discount_amount: Option<Amount> = "discount" / "amount",
        /// Discounted at once, in API version 1.0.
        legacy_discount_amount: Option<Amount> = "discountAmount",
        /// Whether there was a discount, in API version 1.0.
        use_discount: Option<bool> = "useDiscount",
        /// Whether there is a cash receipt, in API version 1.0.
        use_cash_receipt: Option<bool> = "useCashReceipt",
        /// Every cancel; empty where Toss sent null.
        cancels: Vec<Cancel> = "cancels",
        /// The buyer's receipt (the object `receipt`).
        receipt_url: Option<Link> = "receipt" / "url",
        /// Toss's own checkout page of the payment (the object `checkout`).
        checkout_url: Option<Link> = "checkout" / "url",
        /// Why it failed, where it failed.
        failure: Option<Failure> = "failure",
    }
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
    /// # Ok::<(), toss_payments::DecodeError>(())
    /// ```
    ///
    /// # Errors
    /// [`DecodeError`] where it is no JSON object or one of the five essential fields cannot be read.
    pub fn from_json(text: &str) -> Result<Payment, DecodeError> {
        Payment::decode(text)
    }

    /// The total as won; `None` in another currency, and where it is not a whole number of won.
    #[must_use]
    pub fn total_won(&self) -> Option<Won> {
        self.won(self.total_amount)
    }

    /// What is left to refund as won; `None` as for [`total_won`](Payment::total_won), and where Toss did not say.
    ///
    /// ```
    /// use toss_payments::{Payment, Status, Won};
    ///
    /// let payment = Payment::from_json(
    ///     r#"{"paymentKey":"tviva2026","orderId":"order-1","status":"PARTIAL_CANCELED","totalAmount":45000,"currency":"KRW",
    ///         "balanceAmount":0}"#,
    /// )?;
    /// // Given back in two parts: the status says "partial" for ever, the balance says the truth.
    /// assert_eq!((payment.status.clone(), payment.balance_won()), (Status::PartialCanceled, Some(Won::ZERO)));
    /// # Ok::<(), toss_payments::DecodeError>(())
    /// ```
    #[must_use]
    pub fn balance_won(&self) -> Option<Won> {
        self.balance_amount.and_then(|amount| self.won(amount))
    }

    fn won(&self, amount: Amount) -> Option<Won> {
        if self.currency == Currency::Krw { amount.as_won() } else { None }
    }
}

impl Essential for Status {}
impl Essential for Currency {}

impl FromJson for BTreeMap<String, Sensitive> {
    fn from_json(text: &str) -> Option<BTreeMap<String, Sensitive>> {
        let object = Object::parse(text).ok()?;
        let value = |text: &str| Sensitive::from_json(text).unwrap_or_else(|| Sensitive::new(text));
        Some(object.entries().map(|(name, text)| (name.to_owned(), value(text))).collect())
    }
}
