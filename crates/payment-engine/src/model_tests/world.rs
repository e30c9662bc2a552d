//! The order, who works on it, and what may happen next.

use super::toss::{AtToss, Late};
use super::{AMOUNT, ORDER, id_of, key_of, number, number_of};
use crate::order::{
    Attempt, Balance, Cancel, Decline, Effect, Event, Illegal, LEASE_MS, Lane, Look, Outcome, Refund, Refunds, State, Terms, step,
};
use crate::verdict::{self, RefundJudged};
use serde::Serialize;
use toss_payments::Won;
use toss_types::IdempotencyKey;

const BEGIN_MS: i64 = 1_000;
const EXPIRES_MS: i64 = BEGIN_MS + 40 * 60_000;
/// What an operator gives back: twice as much is more than there is.
pub(super) const REFUND: u32 = 30_000;
/// How much is under way at once.
const MOST_TASKS: usize = 3;

/// How much may go wrong, and how much is done.
#[derive(Clone, Copy, Serialize)]
pub(super) struct Left {
    /// Payments that the shopper has approved.
    pub(super) payments: usize,
    /// Calls that are lost, on the way there or back, or arrive late.
    pub(super) lost: u8,
    /// Confirms that Toss does not approve.
    pub(super) refused: u8,
    /// Servers that stop.
    pub(super) crashes: u8,
    /// Times that somebody is slower than everything else.
    pub(super) slow: u8,
    /// Refunds that operators ask for.
    pub(super) refunds: u8,
}

#[derive(Clone, Serialize)]
pub(super) struct Row {
    pub(super) state: State,
    pub(super) refunds: Refunds,
    pub(super) version: i64,
    attempts: u32,
    look_at_ms: Option<i64>,
    looks: u32,
    claimed: Vec<usize>,
}

/// What a server is at. Whatever is between two of its steps can be cut off.
#[derive(Clone, Serialize)]
pub(super) enum Task {
    Confirm(Attempt),
    Keep { attempt: Attempt, is_of_call: bool, outcome: Outcome },
    Look(Box<Row>),
    Repeat(Box<Row>),
    Cancel(Box<Refund>, Option<Box<Row>>),
    KeepCancel(Box<Refund>, Option<Box<Row>>, Judged),
    Hear(usize),
    Learn(usize, Outcome),
    Ask,
    Write(u32),
}

#[derive(Clone, Serialize)]
pub(super) enum Judged {
    Shown(Vec<Cancel>),
    Refused(Decline),
    Unknown(String),
}

#[derive(Clone, Serialize)]
pub(super) struct World {
    pub(super) now_ms: i64,
    pub(super) row: Row,
    pub(super) payments: Vec<AtToss>,
    has_returned: Vec<bool>,
    /// Webhooks that have come and are not looked into.
    pub(super) heard: Vec<bool>,
    pub(super) tasks: Vec<(u8, Task)>,
    pub(super) late: Vec<Late>,
    pub(super) left: Left,
    names: u32,
}

pub(super) type Next = Vec<(String, World)>;

impl World {
    pub(super) fn new(left: Left) -> World {
        let row = Row {
            state: State::Open,
            refunds: Refunds::default(),
            version: 0,
            attempts: 0,
            look_at_ms: Some(EXPIRES_MS),
            looks: 0,
            claimed: Vec::new(),
        };
        World {
            now_ms: BEGIN_MS,
            row,
            payments: vec![AtToss::approved(BEGIN_MS); left.payments],
            has_returned: vec![false; left.payments],
            heard: vec![false; left.payments],
            tasks: Vec::new(),
            late: Vec::new(),
            left,
            names: 0,
        }
    }

    pub(super) fn text(&self) -> String {
        serde_json::to_string(self).expect("it has a form in serde")
    }

    /// What holds at every moment.
    pub(super) fn check(&self) -> Result<(), String> {
        for (number, payment) in self.payments.iter().enumerate() {
            let mut requests: Vec<&str> = payment.cancels.iter().map(|cancel| cancel.request.as_str()).collect();
            requests.sort_unstable();
            requests.dedup();
            if payment.charges > 1 || requests.len() != payment.cancels.len() {
                return Err(format!("payment {number} was charged or given back twice: {payment:?}"));
            }
        }
        if let State::Paid { attempt, .. } = &self.row.state
            && !self.payments[number_of(attempt)].is_charged()
        {
            return Err("the order is paid and its payment is not charged".to_owned());
        }
        Ok(())
    }

    /// Nothing is under way and nobody waits for anything.
    pub(super) fn is_quiet(&self) -> bool {
        self.tasks.is_empty() && self.late.is_empty() && !self.heard.contains(&true) && self.row.look_at_ms.is_none()
    }

    /// What holds when all is told: what was charged and not given back is what the order says.
    pub(super) fn check_end(&self) -> Result<(), String> {
        let paying = match &self.row.state {
            State::Paid { attempt, .. } => Some(number_of(attempt)),
            State::Expired { .. } => None,
            State::Open | State::Confirming { .. } | State::InDoubt { .. } | State::Declined { .. } | State::AwaitingDeposit { .. } => {
                return Err(format!("nobody looks any more at an order that is {}", self.row.state.word()));
            }
        };
        let balance = Balance::of(&self.row.state, &self.row.refunds);
        for (number, payment) in self.payments.iter().enumerate() {
            let wanted = if Some(number) == paying { balance.refundable.to_string().parse().expect("won") } else { 0 };
            if payment.balance() != wanted {
                return Err(format!("payment {number} has {} left at Toss and {wanted} by the order", payment.balance()));
            }
        }
        Ok(())
    }

    pub(super) fn following(&self) -> Next {
        let mut next = Next::new();
        for number in 0..self.payments.len() {
            if !self.has_returned[number] && self.tasks.len() < MOST_TASKS {
                next.push((format!("payment {number} comes back"), self.changed(|world| world.come_back(number))));
            }
            if self.heard[number] {
                next.push((format!("the webhook of {number} is lost"), self.changed(|world| world.heard[number] = false)));
                if self.tasks.len() < MOST_TASKS {
                    next.push((format!("the webhook of {number} is looked into"), self.changed(|world| world.begin_to_hear(number))));
                }
            }
        }
        for at in 0..self.tasks.len() {
            next.extend(self.go_on(at));
        }
        if self.row.look_at_ms.is_some_and(|at_ms| at_ms <= self.now_ms) && self.tasks.len() < MOST_TASKS {
            // Where neither is at anything, they are alike.
            for server in 0..if self.tasks.is_empty() { 1 } else { 2 } {
                next.push((format!("server {server} takes the look"), self.changed(|world| world.take_look(server))));
            }
        }
        if self.left.refunds > 0 && matches!(self.row.state, State::Paid { .. }) && self.tasks.len() < MOST_TASKS {
            next.push(("an operator gives back".to_owned(), self.changed(World::ask_for_a_refund)));
        }
        if self.left.crashes > 0 {
            for server in 0..2 {
                if self.tasks.iter().any(|(of, _)| *of == server) {
                    next.push((format!("server {server} stops"), self.changed(|world| world.stop(server))));
                }
            }
        }
        for at in 0..self.late.len() {
            next.extend(self.arrive(at));
        }
        next.extend(self.wait());
        next
    }

    fn changed(&self, change: impl FnOnce(&mut World)) -> World {
        let mut world = self.clone();
        change(&mut world);
        world
    }

    fn terms(&self) -> Terms {
        Terms { expires_at_ms: EXPIRES_MS, attempts: self.row.attempts }
    }

    /// One transaction of the store.
    pub(super) fn apply(&mut self, event: &Event) -> Result<Option<Effect>, Illegal> {
        let stepped = step(&self.row.state, &self.row.refunds, &self.terms(), event, self.now_ms)?;
        if let Event::ConfirmStarted(attempt) | Event::AnotherReturned(attempt) = event {
            if self.row.claimed.contains(&number_of(attempt)) {
                return Err(Illegal::AlreadyDeclined);
            }
            self.row.claimed.push(number_of(attempt));
            self.row.attempts += 1;
        }
        self.row.state = stepped.state;
        self.row.refunds = stepped.refunds;
        self.row.version += 1;
        self.row.looks = 0;
        self.row.look_at_ms = stepped.look.map(|Look { at_ms, .. }| at_ms);
        Ok(stepped.effect)
    }

    /// A look in vain, of whoever has read that row.
    pub(super) fn later(&mut self, row: &Row) {
        if let Some(lane) = Lane::of(&row.state, &row.refunds)
            && self.row.version == row.version
            && self.row.look_at_ms.is_some()
        {
            self.row.look_at_ms = Some(self.now_ms + lane.pause_ms(row.looks));
            self.row.looks += 1;
        }
    }

    pub(super) fn new_name(&mut self, what: &str) -> String {
        self.names += 1;
        format!("{what}-{}", self.names)
    }

    pub(super) fn new_attempt(&mut self, number: usize) -> Attempt {
        let key = IdempotencyKey::parse(&self.new_name("confirm")).expect("a key");
        Attempt::new(key_of(number), key, Won::of(AMOUNT), self.now_ms)
    }

    fn come_back(&mut self, number: usize) {
        self.has_returned[number] = true;
        let attempt = self.new_attempt(number);
        let event = match self.row.state.undecided() {
            Some(_) => Event::AnotherReturned(attempt.clone()),
            None => Event::ConfirmStarted(attempt.clone()),
        };
        // Refused, it costs nothing: Toss is not called. The second payment comes back to the second server.
        if self.apply(&event) == Ok(Some(Effect::Confirm)) {
            self.tasks.push((u8::from(number > 0), Task::Confirm(attempt)));
        }
    }

    fn begin_to_hear(&mut self, number: usize) {
        self.heard[number] = false;
        let is_own_doubt = matches!(&self.row.state, State::InDoubt { attempt, .. } if number_of(attempt) == number);
        let task = if is_own_doubt { Task::Look(Box::new(self.row.clone())) } else { Task::Hear(number) };
        self.tasks.push((1, task));
    }

    fn take_look(&mut self, server: u8) {
        if Lane::of(&self.row.state, &self.row.refunds) == Some(Lane::Expiry) {
            let row = self.row.clone();
            if self.apply(&Event::TimeRanOut).is_err() {
                self.later(&row);
            }
            return;
        }
        self.row.look_at_ms = Some(self.now_ms + LEASE_MS);
        self.tasks.push((server, Task::Look(Box::new(self.row.clone()))));
    }

    fn ask_for_a_refund(&mut self) {
        self.left.refunds -= 1;
        self.tasks.push((self.left.refunds % 2, Task::Ask));
    }

    /// What it was at is gone; what was called goes on.
    fn stop(&mut self, server: u8) {
        self.left.crashes -= 1;
        for (of, task) in std::mem::take(&mut self.tasks) {
            match task {
                task if of != server => self.tasks.push((of, task)),
                Task::Hear(number) | Task::Learn(number, _) => self.heard[number] = true,
                Task::Confirm(_)
                | Task::Keep { .. }
                | Task::Look(_)
                | Task::Repeat(_)
                | Task::Cancel(..)
                | Task::KeepCancel(..)
                | Task::Ask
                | Task::Write(_) => {}
            }
        }
    }

    /// Until the next time at which something changes by itself.
    fn wait(&self) -> Option<(String, World)> {
        let payable = self.has_returned.contains(&false).then_some(EXPIRES_MS);
        let sessions = self.payments.iter().filter(|payment| !payment.is_charged()).map(AtToss::session_ends_ms);
        let until_ms = sessions.chain(self.row.look_at_ms).chain(payable).filter(|at_ms| *at_ms > self.now_ms).min()?;
        if self.is_quiet() || (!self.tasks.is_empty() && self.left.slow == 0) {
            return None;
        }
        let waited = self.changed(|world| {
            if !world.tasks.is_empty() {
                world.left.slow -= 1;
            }
            world.now_ms = until_ms;
        });
        Some((format!("it is {until_ms}"), waited))
    }

    /// The next step of a task.
    fn go_on(&self, at: usize) -> Next {
        let mut world = self.clone();
        let (server, task) = world.tasks.remove(at);
        let told = |what: &str, said: &str| format!("server {server}: {what}{said}");
        match task {
            Task::Confirm(attempt) => world
                .call_confirm(&attempt)
                .into_iter()
                .map(|(said, answer, mut world)| {
                    let judged = verdict::of_confirm(&id_of(ORDER), &attempt, answer);
                    world.tasks.push((server, Task::Keep { attempt: attempt.clone(), is_of_call: true, outcome: judged.outcome }));
                    (told("confirms, ", said), world)
                })
                .collect(),
            Task::Keep { attempt, is_of_call, outcome } => {
                world.keep(server, &attempt, is_of_call, outcome);
                vec![(told("keeps an outcome", ""), world)]
            }
            Task::Look(row) if Lane::of(&row.state, &row.refunds) == Some(Lane::Refund) => world.look_at_refund(server, &row),
            Task::Look(row) => world.look(server, &row),
            Task::Repeat(row) => {
                let Some(attempt) = row.state.undecided().cloned() else { return Next::new() };
                world
                    .call_confirm(&attempt)
                    .into_iter()
                    .map(|(said, answer, mut world)| {
                        world.judge_again(server, &row, &attempt, answer);
                        (told("confirms again, ", said), world)
                    })
                    .collect()
            }
            Task::Cancel(refund, row) => {
                let number = number(refund.payment_key.expose());
                let late = Late::Cancel { payment: number, refund: refund.clone() };
                world
                    .call(Some(late), |world, _| world.cancel_at_toss(number, &refund), false)
                    .into_iter()
                    .map(|(said, answer, mut world)| {
                        let judged = match verdict::of_cancel(&refund, answer) {
                            RefundJudged::Shown { shown, .. } => Judged::Shown(shown.cancels),
                            RefundJudged::Refused(decline) => Judged::Refused(decline),
                            RefundJudged::Unknown { cause, .. } => Judged::Unknown(cause),
                        };
                        world.tasks.push((server, Task::KeepCancel(refund.clone(), row.clone(), judged)));
                        (told("cancels, ", said), world)
                    })
                    .collect()
            }
            Task::KeepCancel(refund, row, judged) => world.keep_cancel(server, &refund, row.as_deref(), &judged),
            Task::Hear(number) => world
                .call_look_up(number)
                .into_iter()
                .map(|(said, answer, mut world)| {
                    world.hear(server, number, answer);
                    (told("looks up what a webhook says, ", said), world)
                })
                .collect(),
            Task::Learn(number, outcome) => {
                world.learn(server, number, outcome);
                vec![(told("learns", ""), world)]
            }
            Task::Ask => world
                .call_look_up(self.paying().unwrap_or(0))
                .into_iter()
                .map(|(said, answer, mut world)| {
                    if let Ok(shown) = answer {
                        let balance = shown.value.balance_amount.map_or(0, |balance| balance.to_string().parse().expect("won"));
                        world.tasks.push((server, Task::Write(balance)));
                    }
                    (told("asks Toss what is left, ", said), world)
                })
                .collect(),
            Task::Write(balance) => {
                world.write_refund(server, balance);
                vec![(told("writes a refund down", ""), world)]
            }
        }
    }

    fn paying(&self) -> Option<usize> {
        self.row.state.attempt().map(number_of)
    }
}
