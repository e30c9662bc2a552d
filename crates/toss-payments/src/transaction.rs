//! The ledger of approvals and cancels. Source: Toss docs `/reference`, object Transaction.

use crate::error::DecodeError;
use crate::ids::{CustomerKey, OrderId, PaymentKey, TransactionKey};
use crate::money::Amount;
use crate::object::{list, object};
use crate::payment::words::{Currency, Method, Status};
use crate::sensitive::Link;
use crate::timestamp::Timestamp;

object! {
    /// One approval or cancel.
    pub struct Transaction {
        /// Unique per approval and cancel.
        transaction_key: Option<TransactionKey> = "transactionKey",
        /// The payment.
        payment_key: Option<PaymentKey> = "paymentKey",
        /// The shop's order.
        order_id: Option<OrderId> = "orderId",
        /// The merchant id.
        m_id: Option<String> = "mId",
        /// What the buyer paid with.
        method: Option<Method> = "method",
        /// The customer, where the shop named one.
        customer_key: Option<CustomerKey> = "customerKey",
        /// Whether it is an escrow payment.
        use_escrow: Option<bool> = "useEscrow",
        /// The receipt.
        receipt_url: Option<Link> = "receiptUrl",
        /// Where the payment stood after it.
        status: Option<Status> = "status",
        /// When.
        transaction_at: Option<Timestamp> = "transactionAt",
        /// The currency of the amount.
        currency: Option<Currency> = "currency",
        /// How much; negative for a cancel where Toss writes it so.
        amount: Option<Amount> = "amount",
    }
}

impl Transaction {
    /// Reads a page of transactions from JSON, such as a stored [`Response::raw`](crate::Response).
    ///
    /// ```
    /// use toss_payments::transaction::Transaction;
    ///
    /// let page = Transaction::list_from_json(r#"[{"transactionKey":"090A796806E726BB","amount":45000}]"#)?;
    /// assert_eq!(page[0].transaction_key.as_ref().map(|key| key.as_str()), Some("090A796806E726BB"));
    /// # Ok::<(), toss_payments::DecodeError>(())
    /// ```
    ///
    /// # Errors
    /// [`DecodeError`] where it is no JSON list of objects: a ledger has no silent gaps. A transaction that lacks a field, its key
    /// even, is kept.
    pub fn list_from_json(text: &str) -> Result<Vec<Transaction>, DecodeError> {
        list(text, Transaction::decode)
    }
}
