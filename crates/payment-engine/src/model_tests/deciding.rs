//! What follows from an answer: as `flow` and `work` do it, without waiting for anything.

use super::toss::Answer;
use super::world::{Judged, Next, REFUND, Row, Task, World};
use super::{AMOUNT, ORDER, id_of, key_of, number, number_of};
use crate::order::{
    About, Attempt, Cancel, Decline, Doubt, Effect, Event, Expiry, Origin, Outcome, Progress, Refund, RefundOutcome, Refunds, State,
};
use crate::verdict::{self, Found};
use crate::work::payment::{MAX_RENEWALS, REPEAT_WITHIN_MS};
use toss_payments::{CancelRequestId, Won};
use toss_types::IdempotencyKey;

impl World {
    /// An outcome is stored, where nobody has been first, and the payment that waited has its turn.
    pub(super) fn keep(&mut self, server: u8, attempt: &Attempt, is_of_call: bool, outcome: Outcome) {
        let idempotency_key = is_of_call.then(|| attempt.idempotency_key.clone());
        let event = Event::ConfirmEnded { payment_key: attempt.payment_key.clone(), idempotency_key, outcome };
        if self.apply(&event) == Ok(Some(Effect::Confirm))
            && let Some(next) = self.row.state.undecided().cloned()
        {
            self.tasks.push((server, Task::Confirm(next)));
        }
    }

    /// As `work::payment::look`.
    pub(super) fn look(&self, server: u8, row: &Row) -> Next {
        let Some(attempt) = row.state.looked_up() else { return vec![("nothing to look up".to_owned(), self.clone())] };
        let number = number_of(attempt);
        self.call_look_up(number)
            .into_iter()
            .map(|(said, answer, mut world)| {
                match verdict::of_look_up(&id_of(ORDER), attempt, answer) {
                    Err(_) | Ok(Found::Differs(_) | Found::NoSuchPayment | Found::NotThisOrders) => world.later(row),
                    Ok(Found::Decided { outcome, .. }) if row.state.undecided().is_some() => {
                        world.tasks.push((server, Task::Keep { attempt: attempt.clone(), is_of_call: false, outcome: *outcome }));
                    }
                    Ok(Found::Decided { outcome, .. }) => world.learn(server, number, *outcome),
                    Ok(Found::NotYetConfirmed) => world.not_charged(server, row, attempt),
                }
                (format!("server {server}: looks {number} up, {said}"), world)
            })
            .collect()
    }

    /// As `work::payment::not_charged` and `used_up`, of a payment that Toss shows and has not charged.
    fn not_charged(&mut self, server: u8, row: &Row, attempt: &Attempt) {
        let age_ms = self.now_ms - attempt.claimed_at_ms;
        if age_ms >= REPEAT_WITHIN_MS {
            return self.later(row);
        }
        if self.row.version != row.version {
            return;
        }
        let State::InDoubt { doubt: Doubt { refused: Some(refused), .. }, .. } = &row.state else {
            return self.tasks.push((server, Task::Repeat(Box::new(row.clone()))));
        };
        if refused.about == About::Passing && attempt.renewals >= MAX_RENEWALS {
            let outcome = Outcome::Declined(refused.decline.clone());
            return self.tasks.push((server, Task::Keep { attempt: attempt.clone(), is_of_call: true, outcome }));
        }
        let idempotency_key = IdempotencyKey::parse(&self.new_name("confirm")).expect("a key");
        let renewed = Event::KeyRenewed { payment_key: attempt.payment_key.clone(), idempotency_key };
        if self.apply(&renewed).is_ok() {
            let now = Box::new(self.row.clone());
            self.tasks.push((server, Task::Repeat(now)));
        }
    }

    /// As the end of `work::payment::repeat`.
    pub(super) fn judge_again(&mut self, server: u8, row: &Row, attempt: &Attempt, answer: Answer) {
        let fresh = Doubt::default();
        let known = if let State::InDoubt { doubt, .. } = &row.state { doubt } else { &fresh };
        let judged = verdict::of_confirm(&id_of(ORDER), attempt, answer);
        let mut judged = judged.beside(&Found::NotYetConfirmed, known, self.now_ms - attempt.claimed_at_ms);
        let is_news = match (&mut judged.outcome, &row.state) {
            (Outcome::Unknown { doubt, .. }, State::InDoubt { .. }) => {
                *doubt = known.with(doubt);
                doubt != known
            }
            (Outcome::Unknown { .. } | Outcome::Paid(_) | Outcome::AwaitingDeposit(_) | Outcome::Declined(_) | Outcome::Canceled, _) => {
                true
            }
        };
        if is_news {
            self.tasks.push((server, Task::Keep { attempt: attempt.clone(), is_of_call: true, outcome: judged.outcome }));
        } else {
            self.later(row);
        }
    }

    /// As `work::inbox::look`, of a payment that is not the one in doubt.
    pub(super) fn hear(&mut self, server: u8, number: usize, answer: Answer) {
        let attempt = self.new_attempt(number);
        match verdict::of_look_up(&id_of(ORDER), &attempt, answer) {
            Ok(Found::Decided { outcome, .. }) => self.tasks.push((server, Task::Learn(number, *outcome))),
            Ok(Found::NotYetConfirmed | Found::Differs(_) | Found::NoSuchPayment | Found::NotThisOrders) => {}
            Err(_) => self.heard[number] = true,
        }
    }

    /// As `flow::learn`, of cards.
    pub(super) fn learn(&mut self, server: u8, number: usize, outcome: Outcome) {
        let Outcome::Paid(approval) = &outcome else { return };
        let key = key_of(number);
        let own = self.row.state.attempt().filter(|attempt| attempt.payment_key == key).cloned();
        match (&self.row.state, own) {
            (State::Confirming { .. } | State::InDoubt { .. }, Some(own)) => self.keep(server, &own, false, outcome),
            (State::Paid { .. }, Some(_)) => drop(self.apply(&Event::CancelsSeen { payment_key: key, cancels: approval.cancels.clone() })),
            (State::Declined { .. } | State::Expired { reason: Expiry::NoDeposit, .. }, Some(own)) => {
                let version = self.row.version;
                self.keep(server, &own, false, outcome.clone());
                if self.row.version == version {
                    self.give_back(server, number, &outcome);
                }
            }
            (State::Confirming { .. } | State::InDoubt { .. }, None) => {
                // It waits for its turn, or whether it is one too many is known when the first one is.
                let is_next = self.row.state.next().is_some_and(|next| next.payment_key == key);
                self.heard[number] |= !is_next;
            }
            (State::Open | State::Declined { .. } | State::Expired { reason: Expiry::OutOfTime, .. }, None) => {
                let attempt = self.new_attempt(number);
                if self.apply(&Event::ConfirmStarted(attempt.clone())).is_ok() {
                    self.tasks.push((server, Task::Keep { attempt, is_of_call: false, outcome }));
                } else {
                    self.give_back(server, number, &outcome);
                }
            }
            (State::Open | State::AwaitingDeposit { .. } | State::Paid { .. } | State::Expired { .. }, _) => {
                self.give_back(server, number, &outcome);
            }
        }
    }

    /// As `flow::learn::over`: one payment too many.
    fn give_back(&mut self, server: u8, number: usize, outcome: &Outcome) {
        let Outcome::Paid(approval) = outcome else { return };
        let given_back = Refunds::default().after(&key_of(number), &Won::of(AMOUNT).into(), &approval.cancels, 0);
        let left = AMOUNT - given_back.done_of(&key_of(number)).to_string().parse::<u32>().expect("won");
        if left == 0 {
            return;
        }
        let mut refund = self.new_refund(number, left, left);
        refund.origin = Origin::Duplicate;
        if self.apply(&Event::RefundStarted(refund.clone())).is_ok() {
            self.tasks.push((server, Task::Cancel(Box::new(refund), None)));
        } else {
            self.heard[number] |= self.row.refunds.under_way().is_some();
        }
    }

    fn new_refund(&mut self, number: usize, amount: u32, balance: u32) -> Refund {
        let name = self.new_name("refund");
        let (id, key) = (CancelRequestId::parse(&name).expect("an id"), IdempotencyKey::parse(&name).expect("a key"));
        Refund::new(id, key, key_of(number), Won::of(amount).into(), Won::of(balance).into(), self.now_ms)
    }

    /// As `flow::refund::begin`, after Toss was asked.
    pub(super) fn write_refund(&mut self, server: u8, balance: u32) {
        let State::Paid { attempt, .. } = &self.row.state else { return };
        let number = number_of(attempt);
        let refund = self.new_refund(number, REFUND, balance);
        if self.apply(&Event::RefundStarted(refund.clone())) == Ok(Some(Effect::Refund)) {
            self.tasks.push((server, Task::Cancel(Box::new(refund), None)));
        }
    }

    /// As `work::refund::look`.
    pub(super) fn look_at_refund(&self, server: u8, row: &Row) -> Next {
        let Some(refund) = row.refunds.under_way().cloned() else { return vec![("no refund to look up".to_owned(), self.clone())] };
        let number = number(refund.payment_key.expose());
        self.call_look_up(number)
            .into_iter()
            .map(|(said, answer, mut world)| {
                match answer {
                    Err(_) => world.later(row),
                    Ok(answer) => {
                        let shown = verdict::cancels_shown(&answer.value);
                        world.show(&refund, shown.cancels);
                        let is_under_way = world.row.refunds.get(&refund.id).is_some_and(|refund| refund.progress.is_under_way());
                        let is_elsewhere = shown.balance.is_some_and(|balance| balance != refund.balance_before.amount());
                        if is_under_way && is_elsewhere {
                            world.end(&refund, RefundOutcome::Refused(Decline::ours("NOT_MATCHES_REFUNDABLE_AMOUNT")));
                        } else if is_under_way {
                            world.tasks.push((server, Task::Cancel(Box::new(refund.clone()), Some(Box::new(row.clone())))));
                        }
                    }
                }
                (format!("server {server}: looks a refund of {number} up, {said}"), world)
            })
            .collect()
    }

    /// As `flow::cancel::keep`.
    pub(super) fn keep_cancel(&self, server: u8, refund: &Refund, row: Option<&Row>, judged: &Judged) -> Next {
        let done = |mut world: World, said: &str| {
            if let Some(row) = row {
                world.later(row);
            }
            (format!("server {server}: keeps what a cancel did{said}"), world)
        };
        match judged {
            Judged::Shown(cancels) => {
                let mut world = self.clone();
                world.show(refund, cancels.clone());
                if world.row.refunds.get(&refund.id).is_some_and(|refund| refund.progress == Progress::Asked) {
                    world.end(refund, RefundOutcome::Unknown { cause: "not shown".to_owned() });
                }
                vec![done(world, "")]
            }
            Judged::Unknown(cause) => {
                let mut world = self.clone();
                world.end(refund, RefundOutcome::Unknown { cause: cause.clone() });
                vec![done(world, "")]
            }
            Judged::Refused(decline) => self
                .call_look_up(number(refund.payment_key.expose()))
                .into_iter()
                .map(|(said, answer, mut world)| {
                    match answer {
                        Ok(answer) => {
                            world.show(refund, verdict::cancels_shown(&answer.value).cancels);
                            world.end(refund, RefundOutcome::Refused(decline.clone()));
                        }
                        Err(_) => world.end(refund, RefundOutcome::Unknown { cause: "not asked".to_owned() }),
                    }
                    done(world, &format!(", refused, {said}"))
                })
                .collect(),
        }
    }

    fn show(&mut self, refund: &Refund, cancels: Vec<Cancel>) {
        drop(self.apply(&Event::CancelsSeen { payment_key: refund.payment_key.clone(), cancels }));
    }

    fn end(&mut self, refund: &Refund, outcome: RefundOutcome) {
        drop(self.apply(&Event::RefundEnded { id: refund.id.clone(), outcome }));
    }
}
