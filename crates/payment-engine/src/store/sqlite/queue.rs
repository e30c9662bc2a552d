//! The queue before the writer: money first, then placing, each in the order in which it came. How many may wait is the writer's business.

use rusqlite::Connection;
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard};

/// What goes first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Urgency {
    /// Whatever is about payments, webhooks, refunds and leases.
    Money,
    /// A new order, which can be asked for again.
    Placing,
}

/// Something for the connection that writes.
pub(super) trait Work: Send {
    /// Whether somebody still waits for what comes of it.
    fn is_awaited(&self) -> bool;

    /// Whether it runs outside of a transaction, and so by itself.
    fn is_alone(&self) -> bool;

    /// Runs it, once. Whether what it has written is to be kept.
    fn run(&mut self, connection: &Connection) -> bool;

    /// It is on disk, or nothing was to be written: tells what came of it.
    fn answer(self: Box<Self>);

    /// Nothing of it was written, and this is why, unless it knows better.
    fn fail(self: Box<Self>, why: &str);
}

#[derive(Default)]
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    has_changed: Condvar,
}

#[derive(Default)]
struct Waiting {
    money: VecDeque<Box<dyn Work>>,
    placing: VecDeque<Box<dyn Work>>,
    is_closed: bool,
}

impl Waiting {
    fn next(&mut self) -> Option<&mut VecDeque<Box<dyn Work>>> {
        [&mut self.money, &mut self.placing].into_iter().find(|queue| !queue.is_empty())
    }
}

impl Queue {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().expect("invariant: nothing panics that holds the queue")
    }

    /// `false` where the queue is closed. Then whoever waits for the work learns that nobody does it.
    pub(super) fn push(&self, urgency: Urgency, work: Box<dyn Work>) -> bool {
        let mut waiting = self.waiting();
        if waiting.is_closed {
            return false;
        }
        match urgency {
            Urgency::Money => waiting.money.push_back(work),
            Urgency::Placing => waiting.placing.push_back(work),
        }
        drop(waiting);
        self.has_changed.notify_one();
        true
    }

    /// What is done next, together: `most` at most, and never nothing. Waits for it. `None` when the queue is closed and empty.
    pub(super) fn take(&self, most: usize) -> Option<Vec<Box<dyn Work>>> {
        let mut waiting = self.waiting();
        let mut group: Vec<Box<dyn Work>> = Vec::new();
        loop {
            while let Some(queue) = waiting.next().filter(|_| group.len() < most) {
                let is_alone = queue.front().is_some_and(|work| work.is_alone());
                if is_alone && !group.is_empty() {
                    break;
                }
                group.extend(queue.pop_front());
                if is_alone {
                    break;
                }
            }
            if !group.is_empty() {
                return Some(group);
            }
            if waiting.is_closed {
                return None;
            }
            waiting = self.has_changed.wait(waiting).expect("invariant: nothing panics that holds the queue");
        }
    }

    /// Nothing more comes in. What waits is still done.
    pub(super) fn close(&self) {
        self.waiting().is_closed = true;
        self.has_changed.notify_all();
    }

    /// Nothing more comes in, and nothing of what waits is done.
    pub(super) fn abandon(&self) {
        let mut waiting = self.waiting();
        waiting.is_closed = true;
        let left = (std::mem::take(&mut waiting.money), std::mem::take(&mut waiting.placing));
        // Whoever waited is told by the drop, which need not hold the queue.
        drop(waiting);
        drop(left);
    }
}
