//! All payments, by key and by order, up to a limit.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::{
    clock::UnixMs,
    config::MerchantId,
    ids,
    payment::{Payment, Transition},
};

/// How far from the oldest a finished payment is looked for when room is needed.
const EVICTION_REACH: usize = 1_000;

#[derive(Serialize, Deserialize)]
pub(crate) struct Payments {
    by_key: HashMap<String, Entry>,
    #[serde(skip)]
    by_order: HashMap<(MerchantId, String), Vec<String>>,
    by_age: BTreeMap<u64, String>,
    /// What time will do next, and to whom.
    #[serde(skip)]
    deadlines: BTreeSet<(UnixMs, String)>,
    /// Payments that somebody has had in hand since the last [`Payments::tell_changes`].
    #[serde(skip)]
    touched: Vec<String>,
    /// Payments that were forgotten before their last changes were told.
    #[serde(skip)]
    forgotten: Vec<Entry>,
    next: u64,
    #[serde(skip)]
    limit: usize,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    payment: Payment,
    /// How many entries of the timeline have been told.
    told: usize,
    /// The deadline as it stands in [`Payments::deadlines`].
    #[serde(skip)]
    deadline: Option<UnixMs>,
}

impl Payments {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            by_key: HashMap::new(),
            by_order: HashMap::new(),
            by_age: BTreeMap::new(),
            deadlines: BTreeSet::new(),
            touched: Vec::new(),
            forgotten: Vec::new(),
            next: 0,
            limit: limit.max(1),
        }
    }

    /// Goes on after a restart: confirms that were being processed never happened, what was not told will be.
    pub(crate) fn revive(&mut self, limit: usize) {
        self.limit = limit.max(1);
        for key in self.by_age.values().cloned().collect::<Vec<_>>() {
            if let Some(Entry { payment, .. }) = self.by_key.get_mut(&key) {
                payment.release();
                self.by_order.entry((payment.merchant, payment.order.order_id.clone())).or_default().push(key.clone());
            }
            self.watch(&key);
            self.touched.push(key);
        }
    }

    /// Adds a payment and gives its key. Makes room first if needed.
    pub(crate) fn insert(&mut self, mut payment: Payment, m_id: &str, now: UnixMs) -> String {
        while self.by_key.len() >= self.limit {
            self.evict(now);
        }
        while self.by_key.contains_key(&payment.payment_key) {
            payment.payment_key = ids::payment_key(m_id, now);
        }
        let key = payment.payment_key.clone();
        let order = (payment.merchant, payment.order.order_id.clone());
        self.by_order.entry(order).or_default().push(key.clone());
        self.by_age.insert(self.next, key.clone());
        self.touched.push(key.clone());
        self.by_key.insert(key.clone(), Entry { payment, told: 0, deadline: None });
        self.next += 1;
        key
    }

    /// The payment with everything that time has done to it.
    pub(crate) fn get(&mut self, key: &str, now: UnixMs) -> Option<&mut Payment> {
        let Entry { payment, .. } = self.by_key.get_mut(key)?;
        payment.settle(now);
        self.touched.push(key.to_owned());
        Some(payment)
    }

    /// The payment of an order: the approved one, else the latest.
    pub(crate) fn of_order(&mut self, merchant: MerchantId, order_id: &str, now: UnixMs) -> Option<&mut Payment> {
        let keys = self.by_order.get(&(merchant, order_id.to_owned()))?;
        let approved = keys.iter().find(|key| self.by_key.get(*key).is_some_and(|entry| entry.payment.is_approved()));
        let key = approved.or(keys.last())?.clone();
        self.get(&key, now)
    }

    /// Whether a payment of the order has been approved.
    pub(crate) fn is_approved(&mut self, merchant: MerchantId, order_id: &str, now: UnixMs) -> bool {
        self.of_order(merchant, order_id, now).is_some_and(|payment| payment.is_approved())
    }

    /// All payments, oldest first.
    pub(crate) fn all(&self) -> impl DoubleEndedIterator<Item = &Payment> {
        self.by_age.values().filter_map(|key| self.by_key.get(key).map(|entry| &entry.payment))
    }

    /// Lets time do to every payment what it does.
    pub(crate) fn settle(&mut self, now: UnixMs) {
        while let Some((_, key)) = self.deadlines.first().filter(|(at, _)| *at <= now).cloned() {
            if self.get(&key, now).is_none() {
                return;
            }
            self.watch(&key);
        }
    }

    /// When time will do something next.
    pub(crate) fn next_deadline(&self) -> Option<UnixMs> {
        self.deadlines.first().map(|(at, _)| *at)
    }

    /// Tells what has happened to payments since the last time, each change once. Says whether anything has.
    pub(crate) fn tell_changes(&mut self, mut tell: impl FnMut(&Payment, &[Transition])) -> bool {
        let mut has_news = false;
        for Entry { payment, told, .. } in std::mem::take(&mut self.forgotten) {
            tell(&payment, payment.timeline().get(told..).unwrap_or_default());
            has_news = true;
        }
        for key in std::mem::take(&mut self.touched) {
            self.watch(&key);
            if let Some(Entry { payment, told, .. }) = self.by_key.get_mut(&key) {
                tell(payment, payment.timeline().get(*told..).unwrap_or_default());
                has_news |= *told < payment.timeline().len();
                *told = payment.timeline().len();
            }
        }
        has_news
    }

    /// Keeps the list of deadlines as the payment has it.
    fn watch(&mut self, key: &str) {
        let Some(entry) = self.by_key.get_mut(key) else {
            return;
        };
        let deadline = entry.payment.deadline();
        if deadline == entry.deadline {
            return;
        }
        if let Some(old) = std::mem::replace(&mut entry.deadline, deadline) {
            self.deadlines.remove(&(old, key.to_owned()));
        }
        self.deadlines.extend(deadline.map(|at| (at, key.to_owned())));
    }

    /// Forgets the oldest finished payment; if there is none near the old end, the oldest.
    fn evict(&mut self, now: UnixMs) {
        let old: Vec<u64> = self.by_age.keys().copied().take(EVICTION_REACH).collect();
        let is_finished = |age: &u64| {
            self.by_age.get(age).and_then(|key| self.by_key.get_mut(key)).is_some_and(|entry| {
                entry.payment.settle(now);
                entry.payment.is_finished()
            })
        };
        let age = old.iter().copied().find(is_finished).or(old.first().copied());
        let Some(key) = age.and_then(|age| self.by_age.remove(&age)) else {
            return;
        };
        if let Some(entry) = self.take(&key)
            && entry.told < entry.payment.timeline().len()
        {
            self.forgotten.push(entry);
        }
    }

    /// Forgets those payments, and tells nobody what has happened to them last.
    pub(crate) fn forget(&mut self, is_meant: impl Fn(&Payment) -> bool) {
        let meant: Vec<_> = self.by_age.iter().map(|(age, key)| (*age, key.clone())).collect();
        for (age, key) in meant {
            if self.by_key.get(&key).is_some_and(|entry| is_meant(&entry.payment)) {
                self.by_age.remove(&age);
                self.take(&key);
            }
        }
        self.forgotten.retain(|entry| !is_meant(&entry.payment));
    }

    /// Takes a payment out of every list but [`Payments::by_age`].
    fn take(&mut self, key: &str) -> Option<Entry> {
        let entry = self.by_key.remove(key)?;
        if let Some(at) = entry.deadline {
            self.deadlines.remove(&(at, key.to_owned()));
        }
        let order = (entry.payment.merchant, entry.payment.order.order_id.clone());
        if let Some(keys) = self.by_order.get_mut(&order) {
            keys.retain(|other| other != key);
            if keys.is_empty() {
                self.by_order.remove(&order);
            }
        }
        Some(entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        money::{Currency, Decimal},
        order::{Order, RawOrder},
        payment::{READY_FOR, Status},
    };

    fn payment(order_id: &str, at_ms: i64) -> Payment {
        let order = Order::check(RawOrder {
            order_id: order_id.to_owned(),
            order_name: "주문".to_owned(),
            amount: Decimal::of(1000, Currency::Krw),
            ..RawOrder::default()
        });
        let order = order.expect("a valid order");
        Payment::new(MerchantId(0), "tsandbox", order, UnixMs::new(at_ms))
    }

    #[test]
    fn at_the_limit_the_oldest_finished_payment_goes_first() {
        let now = UnixMs::new(0);
        let mut payments = Payments::new(2);
        let waiting = payments.insert(payment("order-1", 0), "tsandbox", now);
        let done = payments.insert(payment("order-2", 0), "tsandbox", now);
        if let Some(payment) = payments.get(&done, now) {
            payment.charge(now);
        }
        let third = payments.insert(payment("order-3", 0), "tsandbox", now);
        assert!(payments.get(&waiting, now).is_some());
        assert!(payments.get(&done, now).is_none());
        assert!(!payments.is_approved(MerchantId(0), "order-2", now));

        let fourth = payments.insert(payment("order-4", 0), "tsandbox", now);
        let keys: Vec<_> = payments.all().map(|p| p.payment_key.clone()).collect();
        assert_eq!(keys, [third, fourth], "nothing was finished: the oldest went");
        assert_eq!(payments.by_order.len(), 2);
        assert_eq!(payments.by_age.len(), 2);
    }

    #[test]
    fn what_time_has_done_is_told_once_even_of_a_payment_that_is_forgotten_in_the_same_step() {
        let (start, late) = (UnixMs::new(0), UnixMs::new(0).plus(READY_FOR));
        let mut payments = Payments::new(1);
        let told = |payments: &mut Payments| {
            let mut told = Vec::new();
            payments.tell_changes(|payment, changes| {
                told.extend(changes.iter().map(|change| (payment.order.order_id.clone(), change.to, change.at)));
            });
            told
        };
        payments.insert(payment("order-1", 0), "tsandbox", start);
        assert_eq!(told(&mut payments), [("order-1".to_owned(), Status::Ready, start)]);
        assert_eq!(payments.next_deadline(), Some(late));
        payments.settle(late);
        payments.insert(payment("order-2", late.get()), "tsandbox", late);
        assert_eq!(told(&mut payments), [("order-1".to_owned(), Status::Expired, late), ("order-2".to_owned(), Status::Ready, late)]);
        assert_eq!(told(&mut payments), []);
        assert_eq!((payments.next_deadline(), payments.deadlines.len()), (Some(late.plus(READY_FOR)), 1));
    }
}
