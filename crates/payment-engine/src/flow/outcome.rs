//! Keeps what an answer of Toss means for an order: event, row and next look in one transaction; then tells who waits.

use crate::engine::Engine;
use crate::order::{About, Approval, Attempt, Effect, Event, Lane, Outcome, Shown, State};
use crate::store::{Applied, ApplyError, OrderRecord, StoreError};
use crate::verdict::Judged;

/// Who says how an attempt has ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Source {
    /// The answer to a call, which is about its idempotency key.
    Call,
    /// A look-up, which is about the payment.
    LookUp,
}

impl Engine {
    /// Stores an outcome. `None` where somebody else stored one first, which is no error: the first stays.
    pub(crate) async fn keep(
        &self,
        record: &OrderRecord,
        attempt: &Attempt,
        source: Source,
        judged: Judged,
    ) -> Result<Option<Applied>, StoreError> {
        let order_id = &record.order.id;
        let refusal = judged.refusal.as_ref().map(|refusal| refusal.about);
        let idempotency_key = match source {
            Source::Call => Some(attempt.idempotency_key.clone()),
            Source::LookUp => None,
        };
        let event = Event::ConfirmEnded { payment_key: attempt.payment_key.clone(), idempotency_key, outcome: self.held(judged.outcome) };
        let note = self.note_of(judged.toss_answer);
        match self.0.store.apply(order_id, &event, &note).await {
            Ok(applied) => {
                log(&event, &applied.record, refusal);
                self.0.news.announce(order_id);
                if applied.effect == Some(Effect::LookUp)
                    && let Some(lane) = Lane::of(&applied.record.state, &applied.record.refunds)
                {
                    self.wake(lane);
                }
                Ok(Some(applied))
            }
            Err(ApplyError::Illegal { illegal, .. }) => {
                tracing::info!(%order_id, ?illegal, "an outcome had been stored before");
                Ok(None)
            }
            Err(error @ (ApplyError::NoSuchOrder | ApplyError::PaymentTaken)) => {
                tracing::error!(%order_id, %error, "an outcome has no order to go to");
                Ok(None)
            }
            Err(ApplyError::Store(error)) => Err(error),
        }
    }

    /// How long goods wait after a deposit is said with it.
    fn held(&self, outcome: Outcome) -> Outcome {
        match outcome {
            Outcome::Paid(approval) if approval.account.is_some() => {
                Outcome::Paid(Approval { hold_ms: i64::try_from(self.0.settings.hold.as_millis()).ok(), ..approval })
            }
            Outcome::Paid(_) | Outcome::AwaitingDeposit(_) | Outcome::Declined(_) | Outcome::Canceled | Outcome::Unknown { .. } => outcome,
        }
    }
}

/// Once when it happens. What lasts is told by the lanes, less and less often.
fn log(event: &Event, record: &OrderRecord, refusal: Option<About>) {
    let order_id = &record.order.id;
    if let Event::ConfirmEnded { outcome: Outcome::Declined(decline), .. } = event {
        tracing::info!(%order_id, code = %decline.code, "declined");
    }
    match &record.state {
        State::Paid { .. } => tracing::info!(%order_id, "paid"),
        State::AwaitingDeposit { .. } => tracing::info!(%order_id, "a virtual account was issued"),
        State::InDoubt { doubt, .. } => {
            let Event::ConfirmEnded { outcome: Outcome::Unknown { cause, .. }, .. } = event else { return };
            if refusal == Some(About::Key) {
                tracing::error!(%order_id, %cause, "Toss refuses the shop's key; keys and settings may be wrong");
            } else if doubt.shown == Shown::Missing {
                tracing::warn!(%order_id, %cause, "came back with a payment that Toss does not show");
            } else {
                tracing::warn!(%order_id, %cause, "the outcome is unknown; looking it up");
            }
        }
        State::Open | State::Confirming { .. } | State::Declined { .. } | State::Expired { .. } => {}
    }
}
