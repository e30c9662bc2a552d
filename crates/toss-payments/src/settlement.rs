//! What is paid out to the shop. Source: Toss docs `/reference`, object Settlement.

use crate::error::DecodeError;
use crate::ids::{OrderId, PaymentKey, TransactionKey};
use crate::money::Amount;
use crate::object::{list, object};
use crate::payment::words::{Currency, Method};
use crate::payment::{Cancel, Card, EasyPay, GiftCertificate, MobilePhone, Transfer, VirtualAccount};
use crate::timestamp::Timestamp;
use crate::words::open_enum;

object! {
    /// What one approval or cancel comes to for the shop.
    pub struct Settlement {
        /// The approval or cancel.
        transaction_key: Option<TransactionKey> = "transactionKey",
        /// The payment.
        payment_key: Option<PaymentKey> = "paymentKey",
        /// The shop's order.
        order_id: Option<OrderId> = "orderId",
        /// The merchant id.
        m_id: Option<String> = "mId",
        /// The currency of every amount.
        currency: Option<Currency> = "currency",
        /// What the buyer paid with.
        method: Option<Method> = "method",
        /// Paid by the buyer.
        amount: Option<Amount> = "amount",
        /// The shop's part of the instalment interest.
        interest_fee: Option<Amount> = "interestFee",
        /// What Toss keeps, in one sum, as reports write it since January 2026.
        fee: Option<Amount> = "fee",
        /// What Toss keeps, by kind; empty where Toss sent none.
        fees: Vec<Fee> = "fees",
        /// The supply value of the fees.
        supply_amount: Option<Amount> = "supplyAmount",
        /// The value-added tax of the fees.
        vat: Option<Amount> = "vat",
        /// Paid out to the shop.
        pay_out_amount: Option<Amount> = "payOutAmount",
        /// When the buyer paid.
        approved_at: Option<Timestamp> = "approvedAt",
        /// The day that counts as the day of sale, `yyyy-MM-dd`.
        sold_date: Option<String> = "soldDate",
        /// The day of the payout, `yyyy-MM-dd`.
        paid_out_date: Option<String> = "paidOutDate",
        /// Where it was paid by card.
        card: Option<Card> = "card",
        /// Where it was paid with an easy-pay provider.
        easy_pay: Option<EasyPay> = "easyPay",
        /// Where it was paid with a gift certificate.
        gift_certificate: Option<GiftCertificate> = "giftCertificate",
        /// Where it was paid on a phone bill.
        mobile_phone: Option<MobilePhone> = "mobilePhone",
        /// Where it was paid by account transfer.
        transfer: Option<Transfer> = "transfer",
        /// Where it was paid into a virtual account.
        virtual_account: Option<VirtualAccount> = "virtualAccount",
        /// Where it is a cancel.
        cancel: Option<Cancel> = "cancel",
    }
}

impl Settlement {
    /// Reads a page of settlements from JSON, such as a stored [`Response::raw`](crate::Response).
    ///
    /// ```
    /// use toss_payments::settlement::Settlement;
    ///
    /// let page = Settlement::list_from_json(r#"[{"transactionKey":"090A796806E726BB","payOutAmount":43515}]"#)?;
    /// assert_eq!(page[0].pay_out_amount.unwrap().to_string(), "43515");
    /// # Ok::<(), toss_payments::DecodeError>(())
    /// ```
    ///
    /// # Errors
    /// [`DecodeError`] where it is no JSON list of objects. A settlement that lacks a field, its key even, is kept.
    pub fn list_from_json(text: &str) -> Result<Vec<Settlement>, DecodeError> {
        list(text, Settlement::decode)
    }
}

object! {
    /// One of the fees of a settlement.
    ///
    /// ```
    /// use toss_payments::settlement::{Fee, FeeType, Settlement};
    ///
    /// let page = Settlement::list_from_json(r#"[{"transactionKey":"090A796806E726BB","fees":[{"type":"BASE","fee":1485}]}]"#)?;
    /// let fee: &Fee = &page[0].fees[0];
    /// assert_eq!((&fee.fee_type, fee.fee.unwrap().to_string()), (&Some(FeeType::Base), "1485".to_owned()));
    /// # Ok::<(), toss_payments::DecodeError>(())
    /// ```
    pub struct Fee {
        /// What for.
        fee_type: Option<FeeType> = "type",
        /// How much.
        fee: Option<Amount> = "fee",
    }
}

open_enum! {
    /// What a fee is for.
    pub enum FeeType {
        /// The payment itself.
        Base = "BASE",
        /// Interest-free instalments, paid by the shop.
        InstallmentDiscount = "INSTALLMENT_DISCOUNT",
        /// Instalments.
        Installment = "INSTALLMENT",
        /// Card points given.
        PointSaving = "POINT_SAVING",
        /// Anything else.
        Etc = "ETC",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_fee_is_read_and_others_are_kept() {
        for word in FeeType::KNOWN {
            assert!(!matches!(FeeType::from(*word), FeeType::Unknown(_)), "{word}");
        }
        let page = Settlement::list_from_json(r#"[{"transactionKey":"t1","fees":[{"type":"NEW","fee":1485},null]}]"#).unwrap();
        assert_eq!(page[0].fees.len(), 1);
        assert_eq!(page[0].fees[0].fee_type, Some(FeeType::from("NEW")));
    }
}
