//! Webhooks. Anybody can post to their address, so that nothing of them is believed: one that is about an order of this store is kept,
//! and leads to a look-up at Toss. What cannot be news leads to none.

use crate::engine::Engine;
use crate::order::{Expiry, State};
use crate::store::{Inbound, OrderRecord, StoreError};
use toss_payments::webhook::{Delivery, Event, NotAWebhook, Webhook};
use toss_payments::{Sensitive, Status};
use toss_types::{OrderId, PaymentKey};

/// The least time between two look-ups of one payment that webhooks lead to, in ms.
pub(crate) const LOOK_PAUSE_MS: i64 = 2_000;

/// What became of a webhook. Toss is to be answered with 200 for all of them: it has done its part.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Received {
    /// It is kept, and the payment will be looked up.
    Kept,
    /// It is about an order of this store, and tells nothing that is not known.
    Known,
    /// It came before, or as many as can be of use wait already.
    Repeated,
    /// It is about no order of this store: another shop's, or made up.
    NotOurs,
    /// It is about something else than payments.
    OfNoPayment,
}

/// Why a webhook was not taken.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// It is none.
    #[error(transparent)]
    NotAWebhook(#[from] NotAWebhook),
    /// The database failed: Toss is to send it again.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Engine {
    /// Takes a webhook as Toss posts it: `body` as received, and what its headers say ([`Delivery::from_headers`]). It is written
    /// down before this comes back, and looked into afterwards by [`Engine::work`].
    ///
    /// # Errors
    /// [`WebhookError`].
    pub async fn receive(&self, body: &[u8], delivery: Delivery) -> Result<Received, WebhookError> {
        let webhook = Webhook::parse(body, delivery)?;
        let (order_id, payment_key, status, deposit) = match webhook.event {
            Event::PaymentStatusChanged(hint) => {
                let notice = hint.claims();
                (notice.order_id.clone(), notice.payment_key.clone(), notice.status.clone(), None)
            }
            Event::DepositCallback(deposit) => {
                let claims = deposit.claims();
                (Some(claims.order_id.clone()), None, Some(claims.status.clone()), Some(deposit))
            }
            Event::CancelStatusChanged(hint) => {
                let notice = hint.claims();
                (notice.order_id.clone(), notice.payment_key.clone(), None, None)
            }
            Event::BillingDeleted(_)
            | Event::MethodUpdated(_)
            | Event::CustomerStatusChanged(_)
            | Event::PayoutChanged(_)
            | Event::SellerChanged(_)
            | Event::Unknown
            | _ => return Ok(Received::OfNoPayment),
        };
        let Some(record) = self.told_of(order_id.as_ref(), payment_key.as_ref()).await? else { return Ok(Received::NotOurs) };
        let own = record.state.attempt().map(|attempt| attempt.payment_key.clone());
        // A deposit callback does not say of which payment.
        let Some(payment_key) = payment_key.or(own) else { return Ok(Received::Known) };
        let is_vouched_for = match (deposit, secret(&record.state)) {
            (Some(deposit), Some(stored)) => match deposit.verify(&stored) {
                Ok(_) => true,
                Err(error) => {
                    tracing::warn!(order_id = %record.order.id, %error, "a deposit notice does not have the secret of its payment");
                    false
                }
            },
            (Some(_) | None, _) => false,
        };
        if is_known(&record, &payment_key, status.as_ref()) {
            return Ok(Received::Known);
        }
        let claim = status.as_ref().map_or_else(String::new, ToString::to_string);
        let said_at = webhook.created_at.as_ref().map_or("", |at| at.as_str());
        let id = match &webhook.delivery.transmission_id {
            Some(id) => id.clone(),
            None => format!("{} {claim} {said_at} {is_vouched_for}", payment_key.expose()),
        };
        // Longer ones are nobody's, and would only fill the store.
        const LONGEST_ID: usize = 400;
        let id = id.chars().take(LONGEST_ID).collect::<String>();
        let inbound = Inbound::new(id, record.order.id.clone(), payment_key, claim, self.now_ms()).vouched_for(is_vouched_for);
        if self.0.store.keep_inbound(&inbound, LOOK_PAUSE_MS).await? {
            self.0.inbox.notify_one();
            Ok(Received::Kept)
        } else {
            Ok(Received::Repeated)
        }
    }

    /// The order of this store that a webhook or a list is about.
    pub(crate) async fn told_of(
        &self,
        order_id: Option<&OrderId>,
        payment_key: Option<&PaymentKey>,
    ) -> Result<Option<OrderRecord>, StoreError> {
        if let Some(key) = payment_key
            && let Some(claimed_by) = self.0.store.claimed_by(key).await?
        {
            return self.order(&claimed_by).await;
        }
        match order_id {
            Some(id) => self.order(id).await,
            None => Ok(None),
        }
    }
}

/// What the deposit notices of that order prove themselves with.
fn secret(state: &State) -> Option<Sensitive> {
    let account = match state {
        State::AwaitingDeposit { account, .. } => Some(account),
        State::Paid { deposit, .. } => deposit.as_ref().map(|deposit| &deposit.account),
        State::Open | State::Confirming { .. } | State::InDoubt { .. } | State::Declined { .. } | State::Expired { .. } => None,
    };
    account.and_then(|account| account.secret.as_deref()).map(Sensitive::new)
}

/// Whether the order says as much already, or more. A claim that is not understood may be news.
fn is_known(record: &OrderRecord, payment_key: &PaymentKey, claimed: Option<&Status>) -> bool {
    let is_own = record.state.attempt().is_some_and(|attempt| attempt.payment_key == *payment_key);
    let Some(status) = claimed else { return false };
    match (&record.state, status) {
        // What was never charged and is not going to be: a window that was closed, a payment that was declined.
        (State::Confirming { .. } | State::InDoubt { .. }, Status::Ready) => true,
        (
            State::Open | State::Declined { .. } | State::Paid { .. } | State::Expired { .. } | State::AwaitingDeposit { .. },
            Status::Ready | Status::InProgress | Status::Aborted | Status::Expired,
        ) => true,
        // The answer to its confirm is still to come, and says more.
        (State::Confirming { .. }, _) if is_own => true,
        (State::Paid { .. }, Status::Done) => is_own,
        (State::Paid { .. }, Status::Canceled) => is_own && record.balance().is_refunded(),
        (State::AwaitingDeposit { reversed_at_ms: None, .. }, Status::WaitingForDeposit) => is_own,
        (State::Expired { reason: Expiry::Canceled, .. }, Status::Canceled) => is_own,
        (
            State::Open
            | State::Confirming { .. }
            | State::InDoubt { .. }
            | State::Declined { .. }
            | State::AwaitingDeposit { .. }
            | State::Paid { .. }
            | State::Expired { .. },
            _,
        ) => false,
    }
}
