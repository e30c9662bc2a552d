//! `POST /v1/payments/{paymentKey}/cancel` (Toss docs `/reference` and the cancel guide): the call that gives back.

use super::Asked;
use crate::bank::Bank;
use crate::body::{Body, Put, ToObject as _, request};
use crate::client::{Client, Response};
use crate::error::{Endpoint, Error};
use crate::ids::{CancelRequestId, IdempotencyKey, PaymentKey};
use crate::money::{Amount, Money};
use crate::payment::{Currency, Payment};
use crate::text::{AccountNumber, CancelReason, HolderName};

request! {
    /// What to give back, and why. Without an amount it is everything that is left.
    ///
    /// ```
    /// use toss_payments::{CancelReason, CancelRequest, Won};
    ///
    /// let all = CancelRequest::new(CancelReason::parse("단순 변심")?);
    /// let part = all.clone().amount(Won::new(1_000)?.into()).refundable_amount(Won::new(45_000)?.into());
    /// assert_eq!((all.amount, part.amount.unwrap().to_string()), (None, "1000 KRW".to_owned()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct CancelRequest {
        required {
            /// Why; Toss keeps it with the payment.
            reason: CancelReason = "cancelReason",
        }
        optional {
            /// A part of the payment, in its own currency. Absent, everything that is left is given back. Before the
            /// deposit into a virtual account Toss gives back everything or nothing.
            amount: Money = "cancelAmount",
            /// Where the money goes: required for a virtual account that was paid into, and for nothing else. The account
            /// that the buyer entered in the widget is not used by itself.
            refund_receive_account: RefundReceiveAccount = "refundReceiveAccount",
            /// The tax-free part of what is given back; 0 where absent.
            tax_free_amount: Amount = "taxFreeAmount",
            /// The part excluded from taxation; 0 where absent. A card payment that has one cannot be cancelled in part.
            tax_exemption_amount: Amount = "taxExemptionAmount",
            /// What the shop takes to be left of the payment before this cancel. Where Toss has another balance, it cancels
            /// nothing and answers `NOT_MATCHES_REFUNDABLE_AMOUNT`: send it wherever two cancels could meet.
            refundable_amount: Amount = "refundableAmount",
            /// The shop's id of the cancel; required where an overseas provider cancels later.
            cancel_request_id: CancelRequestId = "cancelRequestId",
        }
    }
}

/// The currency is sent where it is not the won: documents and samples leave it out for KRW.
impl Put for Money {
    fn put(&self, name: &str, body: &mut Body) {
        self.amount().put(name, body);
        if *self.currency() != Currency::Krw {
            body.text("currency", self.currency().as_str());
        }
    }
}

request! {
    /// The account that a deposit is given back to.
    ///
    /// ```
    /// use toss_payments::{AccountNumber, Bank, HolderName, RefundReceiveAccount};
    ///
    /// let account = RefundReceiveAccount::new(Bank::Shinhan, AccountNumber::parse("11012345678")?, HolderName::parse("김토스")?);
    /// assert!(!format!("{account:?}").contains("11012345678"));
    /// # Ok::<(), toss_payments::IdError>(())
    /// ```
    pub struct RefundReceiveAccount {
        required {
            /// The bank. Toss answers with the same code in `bankCode`.
            bank: Bank = "bank",
            /// The account, digits only.
            account_number: AccountNumber = "accountNumber",
            /// Whose account it is.
            holder_name: HolderName = "holderName",
        }
        optional {}
    }
}

impl Client {
    /// Gives back all or part of a payment.
    ///
    /// `Ok` is the payment asked for, with its cancels; where an amount was asked for, one of them is of that amount and
    /// currency. Whether everything is given back is told by [`balance_amount`](Payment::balance_amount), not by the
    /// status. The same idempotency key never gives back twice; a second cancel needs a new one.
    ///
    /// # Errors
    /// [`Error::Rejected`] where Toss decided, [`Error::Unknown`] where nobody knows: look the payment up before asking
    /// again. [`Class::State`](crate::Class::State) is often "already cancelled".
    pub async fn cancel(&self, payment: &PaymentKey, request: &CancelRequest, key: &IdempotencyKey) -> Result<Response<Payment>, Error> {
        let answer = self.post(&["v1", "payments", payment.expose(), "cancel"], key, request.to_json()).await?;
        let asked = Asked { payment_key: Some(payment), cancelled: request.amount.as_ref(), ..Asked::default() };
        asked.hold(answer.payment(Endpoint::Cancel)?)
    }
}
