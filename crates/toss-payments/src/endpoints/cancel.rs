//! `POST /v1/payments/{paymentKey}/cancel` (Toss docs `/reference` and the cancel guide): the call that gives back.

use super::Asked;
use crate::bank::Bank;
use crate::body::{Body, ToObject as _, request};
use crate::call::not_sent;
use crate::client::{Client, Response};
use crate::error::{Effect, Error};
use crate::ids::{CancelRequestId, IdempotencyKey, PaymentKey};
use crate::money::{Amount, Money};
use crate::payment::whole::Payment;
use crate::payment::words::{Currency, Status};
use crate::payment::{Cancel, CancelStatus};
use crate::text::{AccountNumber, CancelReason, HolderName};

request! {
    /// What to give back, and why. Without an amount it is everything that is left.
    ///
    /// ```
    /// use toss_payments::{CancelReason, CancelRequest, Won};
    ///
    /// let all = CancelRequest::new(CancelReason::parse("단순 변심")?);
    /// let part = all.clone().amount(Won::new(1_000)?).refundable_amount(Won::new(45_000)?);
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
            amount: Money = "cancelAmount" into,
            /// Where the money goes: required for a virtual account that was paid into, and for nothing else. The account
            /// that the buyer entered in the widget is not used by itself.
            refund_receive_account: RefundReceiveAccount = "refundReceiveAccount",
            /// The tax-free part of what is given back; 0 where absent.
            tax_free_amount: Money = "taxFreeAmount" into,
            /// The part excluded from taxation; 0 where absent. A card payment that has one cannot be cancelled in part.
            tax_exemption_amount: Money = "taxExemptionAmount" into,
            /// What the shop takes to be left of the payment before this cancel. Where Toss has another balance, it cancels
            /// nothing and answers `NOT_MATCHES_REFUNDABLE_AMOUNT`: send it wherever two cancels could meet.
            refundable_amount: Money = "refundableAmount" into,
            /// The shop's id of the cancel; required where an overseas provider cancels later.
            cancel_request_id: CancelRequestId = "cancelRequestId",
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
    /// `Ok` is the payment asked for, with this cancel: where an amount was asked for, a cancel of that amount and currency
    /// (which left what it had to leave, where [`refundable_amount`](CancelRequest::refundable_amount) was sent), otherwise
    /// nothing left to give back, or an overseas cancel under way. Whether everything is given back is told by
    /// [`balance_amount`](Payment::balance_amount), not by the status. The same idempotency key never gives back twice; a
    /// second cancel needs a new one.
    ///
    /// An amount of zero is not sent: nobody says that Toss does not take it for everything. Nor are amounts in two currencies: Toss
    /// reads numbers.
    ///
    /// ```no_run
    /// # async fn example(client: toss_payments::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use toss_payments::{CancelReason, CancelRequest, IdempotencyKey, PaymentKey, Won};
    ///
    /// let payment_key = PaymentKey::parse("tviva20260801120000AbC12")?;
    /// let part = CancelRequest::new(CancelReason::parse("한 벌 반품")?)
    ///     .amount(Won::new(15_000)?)
    ///     .refundable_amount(Won::new(45_000)?); // what the shop's books say is left
    /// let payment = client.cancel(&payment_key, &part, &IdempotencyKey::parse("return-0001")?).await?.value;
    /// println!("left to give back: {:?}", payment.balance_won());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Rejected`] where Toss decided, [`Error::Unknown`] where nobody knows: look the payment up before asking
    /// again. [`Class::State`](crate::Class::State) is often "already cancelled".
    pub async fn cancel(&self, payment: &PaymentKey, request: &CancelRequest, key: &IdempotencyKey) -> Result<Response<Payment>, Error> {
        if request.amount.as_ref().is_some_and(|money| money.amount().is_zero()) {
            return Err(not_sent("a cancel of nothing"));
        }
        if request.moneys().any(|money| Some(money.currency()) != request.currency()) {
            return Err(not_sent("a cancel in two currencies"));
        }
        let mut body = Body::new();
        request.fields(&mut body);
        // Documents and samples leave it out for KRW.
        if let Some(currency) = request.currency().filter(|currency| **currency != Currency::Krw) {
            body.text("currency", currency.as_str());
        }
        let answer = self.post("/v1/payments/{paymentKey}/cancel", &[payment.expose()], key, body.into_json()).await?;
        let asked = Asked { payment_key: Some(payment), ..Asked::default() };
        answer
            .read_if(Effect::Cancel, Payment::from_json, |payment| asked.differing_field(payment).or_else(|| request.missing_from(payment)))
    }
}

impl CancelRequest {
    /// The field that shows that this cancel is not in an answer. It is that of another cancel of the payment, then, whose
    /// idempotency key was used again: Toss replays it and gives nothing back. Or it was refused abroad.
    fn missing_from(&self, payment: &Payment) -> Option<&'static str> {
        if self.currency().is_some_and(|currency| *currency != payment.currency) {
            return Some("currency");
        }
        let Some(part) = &self.amount else {
            let is_given_back = payment.status == Status::Canceled
                || payment.balance_amount.is_some_and(Amount::is_zero)
                || payment.cancels.iter().any(|cancel| self.is_everything_under_way(cancel, payment));
            return (!is_given_back).then_some("balanceAmount");
        };
        let left = self.refundable_amount.as_ref().and_then(|before| before.checked_sub(part)).map(|left| left.amount());
        let is_this = |cancel: &Cancel| {
            let leaves = cancel.refundable_amount.or(left) == left || left.is_none();
            self.may_be(cancel) && cancel.cancel_amount == Some(part.amount()) && leaves
        };
        (!payment.cancels.iter().any(is_this)).then_some("cancels")
    }

    fn moneys(&self) -> impl Iterator<Item = &Money> {
        [&self.amount, &self.refundable_amount, &self.tax_free_amount, &self.tax_exemption_amount].into_iter().flatten()
    }

    /// That of every amount in it; `None` where there is no amount.
    fn currency(&self) -> Option<&Currency> {
        self.moneys().next().map(Money::currency)
    }

    /// Whether a cancel is neither refused nor by its id another one.
    fn may_be(&self, cancel: &Cancel) -> bool {
        let is_another = match (&self.cancel_request_id, &cancel.cancel_request_id) {
            (Some(ours), Some(theirs)) => ours.as_str() != theirs,
            (Some(_), None) | (None, _) => false,
        };
        !is_another && cancel.cancel_status != Some(CancelStatus::Aborted)
    }

    /// Abroad a cancel takes its time, and until it is done the balance stays as it was.
    fn is_everything_under_way(&self, cancel: &Cancel, payment: &Payment) -> bool {
        let is_under_way = matches!(cancel.cancel_status, Some(CancelStatus::InProgress | CancelStatus::Unknown(_)));
        let is_everything = cancel.cancel_amount.zip(payment.balance_amount).is_none_or(|(amount, balance)| amount == balance);
        self.may_be(cancel) && is_under_way && is_everything
    }
}
