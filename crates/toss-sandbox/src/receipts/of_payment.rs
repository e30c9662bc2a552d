//! The cash receipts of a payment: issued when the money has come, cancelled as it goes back.
//!
//! Toss docs /guides/v2/cancel-payment and the virtual account guide: there is none before the deposit. Assumed: a
//! reversed deposit cancels its receipt, and the next deposit issues another; each cancel of the payment cancels as much
//! of the receipt.

use serde::{Deserialize, Serialize};

use super::{CashReceipt, CashReceipts, ReceiptKind, Role, cancel, cancel_key};
use crate::{clock::UnixMs, ids, method::Group, order::Order, payment::Payment};

/// For whom a receipt is when nobody has said a number. Assumed: it is issued all the same.
const SOMEBODY: &str = "01012345678";

/// What a payment knows of its receipts. What they say is on the shelf of all receipts.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Receipts {
    /// For whom they are: digits, of a phone or a business. The customer's phone, if not said.
    pub(crate) identity_number: Option<String>,
    /// Keys of those issued, oldest first.
    issued: Vec<String>,
    /// Whether the last one is for money that is here.
    current: bool,
}

impl Receipts {
    /// The receipt for the money that has come.
    pub(crate) fn current<'a>(&self, shelf: &'a CashReceipts) -> Option<&'a CashReceipt> {
        self.issued.last().filter(|_| self.current).and_then(|key| shelf.get(key))
    }

    /// Every receipt, each with its cancels after it.
    pub(crate) fn all<'a>(&self, shelf: &'a CashReceipts) -> Vec<&'a CashReceipt> {
        let records = |key: &String| {
            let receipt = shelf.get(key)?;
            let cancels = match receipt.role {
                Role::Receipt { cancels, .. } => cancels,
                Role::Cancel => 0,
            };
            let cancels: Vec<_> = (1..=cancels).filter_map(|n| shelf.get(&cancel_key(key, n))).collect();
            Some([receipt].into_iter().chain(cancels))
        };
        self.issued.iter().filter_map(records).flatten().collect()
    }
}

/// The receipt that the shopper wants. Only money from an account has one.
fn wanted(order: &Order) -> Option<ReceiptKind> {
    let is_cash = match order.method.group() {
        Group::Transfer | Group::VirtualAccount => true,
        Group::Card | Group::EasyPay | Group::ForeignEasyPay | Group::MobilePhone | Group::GiftCertificate => false,
    };
    order.cash_receipt.filter(|_| is_cash).and_then(ReceiptKind::of)
}

/// Brings the receipt into line with the payment's money, after that has moved.
pub(crate) fn follow(payment: &mut Payment, shelf: &mut CashReceipts, now: UnixMs) {
    let Some(kind) = wanted(&payment.order) else {
        return;
    };
    let is_charged = payment.is_charged();
    let (due, tax_free_due) = if is_charged { (payment.balance(), payment.untaxed_left().0) } else { (0, 0) };
    if is_charged && !payment.receipts.current {
        let identity_number = payment.receipts.identity_number.as_deref().or(payment.order.customer_mobile_phone.as_deref());
        let receipt = CashReceipt {
            key: ids::receipt_key(),
            merchant: payment.merchant,
            issue_number: ids::issue_number(),
            order_id: payment.order.order_id.clone(),
            order_name: payment.order.order_name.clone(),
            kind,
            amount: due,
            tax_free_amount: tax_free_due,
            customer_identity_number: identity_number.unwrap_or(SOMEBODY).to_owned(),
            requested_at: now,
            role: Role::Receipt { left: due, tax_free_left: tax_free_due, cancels: 0 },
        };
        payment.receipts.issued.push(receipt.key.clone());
        payment.receipts.current = true;
        shelf.put(receipt.key.clone(), receipt);
        return;
    }
    let current = payment.receipts.current(shelf).map(|receipt| (receipt.key.clone(), receipt.role));
    if let Some((key, Role::Receipt { left, tax_free_left, .. })) = current
        && left > due
    {
        let amount = left - due;
        let tax_free = (tax_free_left - tax_free_due).clamp(0, amount);
        if let Some(record) = cancel(shelf, &key, amount, tax_free, now) {
            payment.note_receipt(record.key);
        }
    }
    payment.receipts.current = is_charged;
}
