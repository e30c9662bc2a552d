//! Calls to Toss: each answer that there may be, and the world after it.

use super::number_of;
use super::toss::{Answer, Late, Whim, key_text, unanswered};
use super::world::{Next, World};
use crate::order::{Attempt, Refund};

impl World {
    /// A call to Toss: each answer that there may be, and the world after it.
    pub(super) fn call(
        &self,
        late: Option<Late>,
        arrives: impl Fn(&mut World, Whim) -> Answer,
        has_a_choice: bool,
    ) -> Vec<(&'static str, Answer, World)> {
        let mut called = Vec::new();
        for (what, whim) in whims(has_a_choice && self.left.refused > 0) {
            let mut world = self.clone();
            world.left.refused -= u8::from(whim != Whim::Approve);
            let answer = arrives(&mut world, whim);
            called.push((what, answer, world));
        }
        if self.left.lost > 0 {
            let lost = |change: &dyn Fn(&mut World)| {
                let mut world = self.clone();
                world.left.lost -= 1;
                change(&mut world);
                world
            };
            called.push(("lost on the way", Err(unanswered()), lost(&|_| {})));
            if let Some(late) = late {
                called.push(("not answered", Err(unanswered()), lost(&|world| world.late.push(late.clone()))));
            }
        }
        called
    }

    fn confirm_at_toss(&mut self, number: usize, key: &str, whim: Whim) -> Answer {
        let before = self.payments[number].is_charged();
        let now_ms = self.now_ms;
        let answer = self.payments[number].confirm(number, key, now_ms, whim);
        self.heard[number] |= self.payments[number].is_charged() != before;
        answer
    }

    pub(super) fn call_confirm(&self, attempt: &Attempt) -> Vec<(&'static str, Answer, World)> {
        let (number, key) = (number_of(attempt), key_text(attempt));
        let has_a_choice = self.payments[number].has_a_choice(&key, self.now_ms);
        let late = Late::Confirm { payment: number, key: key.clone() };
        self.call(Some(late), |world, whim| world.confirm_at_toss(number, &key, whim), has_a_choice)
    }

    pub(super) fn call_look_up(&self, number: usize) -> Vec<(&'static str, Answer, World)> {
        self.call(None, |world, _| Ok(world.payments[number].shown(number, world.now_ms)), false)
    }

    pub(super) fn cancel_at_toss(&mut self, number: usize, refund: &Refund) -> Answer {
        let now_ms = self.now_ms;
        let before = self.payments[number].cancels.len();
        let answer = self.payments[number].cancel(number, refund, now_ms);
        self.heard[number] |= self.payments[number].cancels.len() != before;
        answer
    }

    /// What nobody waits for any more arrives.
    pub(super) fn arrive(&self, at: usize) -> Next {
        let mut world = self.clone();
        match world.late.remove(at) {
            Late::Confirm { payment, key } => whims(world.payments[payment].has_a_choice(&key, world.now_ms) && world.left.refused > 0)
                .map(|(what, whim)| {
                    let mut world = world.clone();
                    world.left.refused -= u8::from(whim != Whim::Approve);
                    drop(world.confirm_at_toss(payment, &key, whim));
                    (format!("a confirm of {payment} arrives late: {what}"), world)
                })
                .collect(),
            Late::Cancel { payment, refund } => {
                drop(world.cancel_at_toss(payment, &refund));
                vec![(format!("a cancel of {payment} arrives late"), world)]
            }
        }
    }
}

fn whims(has_a_choice: bool) -> impl Iterator<Item = (&'static str, Whim)> {
    let all = [("answered", Whim::Approve), ("declined", Whim::Decline), ("refused for now", Whim::Refuse)];
    all.into_iter().take(if has_a_choice { 3 } else { 1 })
}
