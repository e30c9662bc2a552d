//! Everything the sandbox knows, behind one lock, and the signal that tells waiting tests that it has changed.
//!
//! The lock is never held across an await.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::{
    billing::Billing,
    clock::{Clock, Mode, UnixMs},
    config::{Choices, Limits, Merchant, MerchantId},
    fault::{Endpoint, Faults, Plan, ScriptFault},
    forget::Whose,
    idempotency::Idempotency,
    magic,
    payment::{Payment, Transition, Trigger},
    payments::Payments,
    rates::Rates,
    receipts::CashReceipts,
    records::{Booked, Charge, ChargeKind, RequestRecord, Ring, request_log},
    server::Address,
    webhook::{self, Notice, Setup, TargetRefused, Webhooks},
};

/// Whose call it is and which order it is about, as far as faults and forgetting care.
#[derive(Clone, Default)]
pub(crate) struct Subject {
    pub(crate) merchant: Option<MerchantId>,
    pub(crate) id: Option<String>,
    /// Only where a payment is approved: magic words act there.
    pub(crate) name: Option<String>,
}

/// A cheap handle on the one world of a sandbox.
#[derive(Clone)]
pub(crate) struct World {
    inner: Arc<Inner>,
}

struct Inner {
    address: Address,
    merchants: Vec<Merchant>,
    clock: Clock,
    choices: Choices,
    limits: Limits,
    webhooks: Setup,
    seed: u64,
    state: Mutex<State>,
    /// Counts the changes.
    changed: watch::Sender<u64>,
    /// Counts how often hanging calls were let go.
    released: watch::Sender<u64>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct State {
    pub(crate) payments: Payments,
    pub(crate) ledger: Ring<Booked>,
    #[serde(with = "request_log")]
    pub(crate) requests: Ring<RequestRecord>,
    pub(crate) idempotency: Idempotency,
    pub(crate) billing: Billing,
    pub(crate) cash_receipts: CashReceipts,
    pub(crate) rates: Rates,
    pub(crate) faults: Faults,
    pub(crate) webhooks: Webhooks,
    /// The calls that hang right now, by the numbers of their records, with what each is about. One that is taken out goes
    /// on.
    #[serde(skip)]
    pub(crate) hung: BTreeMap<u64, Subject>,
}

impl State {
    /// The numbers of requests and webhooks go on from those given.
    fn new(limits: Limits, webhooks: Setup, seed: u64, first_request: u64, first_webhook: u64) -> Self {
        Self {
            payments: Payments::new(limits.payments),
            ledger: Ring::new(limits.payments, 0),
            requests: Ring::new(limits.requests, first_request),
            idempotency: Idempotency::new(limits.idempotency_keys),
            billing: Billing::new(limits.billing_keys),
            cash_receipts: CashReceipts::new(limits.cash_receipts),
            rates: Rates::new(limits.calls_a_minute),
            faults: Faults::new(seed),
            webhooks: Webhooks::new(webhooks, limits.webhooks, first_webhook),
            hung: BTreeMap::new(),
        }
    }

    /// Goes on after a restart. Nothing is under way any more.
    fn revive(&mut self, limits: Limits, webhooks: &Setup) -> Result<(), TargetRefused> {
        let Self { payments, ledger, requests, idempotency, billing, cash_receipts, rates, faults: _, webhooks: told, hung: _ } = self;
        payments.revive(limits.payments);
        ledger.revive(limits.payments);
        requests.revive(limits.requests);
        idempotency.revive(limits.idempotency_keys);
        billing.revive(limits.billing_keys);
        cash_receipts.revive(limits.cash_receipts);
        rates.revive(limits.calls_a_minute);
        told.revive(webhooks, limits.webhooks)
    }
}

impl World {
    pub(crate) fn new(
        address: Address,
        merchants: Vec<Merchant>,
        clock: Clock,
        limits: Limits,
        choices: Choices,
        webhooks: Setup,
        seed: u64,
    ) -> Self {
        let (changed, _) = watch::channel(0);
        let (released, _) = watch::channel(0);
        Self {
            inner: Arc::new(Inner {
                address,
                merchants,
                clock,
                choices,
                limits,
                state: Mutex::new(State::new(limits, webhooks.clone(), seed, 0, 0)),
                webhooks,
                seed,
                changed,
                released,
            }),
        }
    }

    /// Where the sandbox is reached, without a slash at the end.
    pub(crate) fn origin(&self) -> &str {
        &self.inner.address.origin
    }

    pub(crate) fn address(&self) -> &Address {
        &self.inner.address
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    pub(crate) fn now(&self) -> UnixMs {
        self.inner.clock.now()
    }

    pub(crate) fn choices(&self) -> Choices {
        self.inner.choices
    }

    pub(crate) fn merchants(&self) -> &[Merchant] {
        &self.inner.merchants
    }

    pub(crate) fn merchant(&self, id: MerchantId) -> &Merchant {
        &self.inner.merchants[id.0]
    }

    pub(crate) fn merchant_where(&self, fits: impl Fn(&Merchant) -> bool) -> Option<MerchantId> {
        self.inner.merchants.iter().position(fits).map(MerchantId)
    }

    /// Reads or changes the state. Whoever waits for a change looks again afterwards.
    pub(crate) fn with<R>(&self, work: impl FnOnce(&mut State, UnixMs) -> R) -> R {
        let result = self.peek(work);
        self.tell();
        result
    }

    /// Lets whoever waits for a change look again.
    pub(crate) fn tell(&self) {
        self.inner.changed.send_modify(|count| *count += 1);
    }

    /// As [`World::with`], for work that changes nothing worth waiting for. What time has done is done before, and
    /// what has happened to payments becomes webhooks under the same lock.
    pub(crate) fn peek<R>(&self, work: impl FnOnce(&mut State, UnixMs) -> R) -> R {
        let now = self.now();
        // A panicking predicate of a test must not take the sandbox down with it.
        let mut state = self.inner.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.payments.settle(now);
        let result = work(&mut state, now);
        let has_news = self.announce(&mut state);
        drop(state);
        if has_news {
            self.tell();
        }
        result
    }

    /// Plans the webhooks of every change that has not been told yet. Says whether there was one: an inspector that
    /// looks on wants to know of it, whether or not a webhook tells it too.
    fn announce(&self, state: &mut State) -> bool {
        let State { payments, cash_receipts, webhooks, faults, ledger, .. } = state;
        let choices = self.choices();
        payments.tell_changes(|payment, changes| {
            changes.iter().filter_map(|change| late_refund(payment, change)).for_each(|booked| {
                ledger.push(|_| booked);
            });
            let merchant = self.merchant(payment.merchant);
            for change in changes.iter().filter(|_| merchant.has_webhooks()) {
                for event in webhook::events(payment, change, choices) {
                    if webhooks.is_wanted(*event) {
                        let notice = Notice::of(*event, payment, cash_receipts, change, choices, merchant.m_id, self.origin());
                        webhooks.announce(&notice, faults);
                    }
                }
            }
        })
    }

    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.inner.changed.subscribe()
    }

    /// How many changes there have been. Whoever reads it after a change of its own has that one in it.
    pub(crate) fn version(&self) -> u64 {
        *self.inner.changed.borrow()
    }

    /// Goes on where an earlier sandbox has ended.
    pub(crate) fn resume(&self, clock: Mode, mut earlier: State) -> Result<(), TargetRefused> {
        earlier.revive(self.inner.limits, &self.inner.webhooks)?;
        self.inner.clock.resume(clock);
        self.with(|state, _| *state = earlier);
        Ok(())
    }

    /// The fault for a call, noted in its record.
    ///
    /// A rule that waits goes first, then the magic word of the order's name. As with rules, a replayed answer was decided
    /// long ago.
    pub(crate) fn take_fault(&self, endpoint: Endpoint, order: &Subject, replay: bool, request: u64) -> Plan {
        self.with(|state, _| {
            let rule = state.faults.take(endpoint, order.id.as_deref(), replay);
            let magic = || order.name.as_deref().and_then(magic::fault).filter(|fault| !(replay && fault.decides()));
            let Some(fault) = rule.or_else(magic) else {
                return Plan::Nothing;
            };
            if let Some(record) = state.requests.get_mut(request) {
                record.fault = Some(fault.clone());
            }
            fault.plan()
        })
    }

    pub(crate) fn take_script_fault(&self) -> Option<ScriptFault> {
        self.with(|state, _| state.faults.take_script())
    }

    /// Waits until the call of that number is let go. Dropped earlier, it no longer counts as hanging.
    pub(crate) async fn hang(&self, request: u64) {
        let mut released = self.inner.released.subscribe();
        self.with(|state, _| {
            let about = state.requests.get(request).map(|record| (record.merchant, record.order_id.clone()));
            let (merchant, id) = about.unwrap_or_default();
            state.hung.insert(request, Subject { merchant, id, name: None });
        });
        let _hanging = Hanging { world: self.clone(), request };
        while self.peek(|state, _| state.hung.contains_key(&request)) {
            released.changed().await.expect("invariant: the sender lives as long as self");
        }
    }

    pub(crate) fn release_hung(&self) {
        self.with(|state, _| state.hung.clear());
        self.let_go();
    }

    /// Lets calls that hang look whether they still have to.
    fn let_go(&self) {
        self.inner.released.send_modify(|count| *count += 1);
    }

    /// Forgets what belongs to one order or to one shop, and lets its hanging calls go. Nothing else is touched.
    pub(crate) fn forget(&self, whose: Whose<'_>) {
        self.with(|state, _| state.forget(whose));
        self.let_go();
    }

    /// Forgets everything, lets hanging calls go and sets the clock back to how it started. Numbers of requests
    /// and webhooks go on, so that a call from before does not write into the record of one from after.
    pub(crate) fn reset(&self) {
        let limits = self.inner.limits;
        self.inner.clock.reset();
        self.with(|state, _| {
            *state = State::new(limits, self.inner.webhooks.clone(), self.inner.seed, state.requests.next(), state.webhooks.next());
        });
        self.let_go();
    }
}

struct Hanging {
    world: World,
    request: u64,
}

impl Drop for Hanging {
    fn drop(&mut self) {
        self.world.with(|state, _| state.hung.remove(&self.request));
    }
}

/// What a cancel abroad has moved once it is done: no call and nobody at the control plane does it.
fn late_refund(payment: &Payment, change: &Transition) -> Option<Booked> {
    if change.trigger != Trigger::CancelDone {
        return None;
    }
    let cancel = payment.last_ended_cancel()?;
    let charge = Charge {
        payment_key: payment.payment_key.clone(),
        order_id: payment.order.order_id.clone(),
        amount: cancel.amount,
        kind: ChargeKind::Refund,
        status: change.to,
        transaction_key: cancel.transaction_key.clone(),
        at: change.at,
    };
    Some(Booked { merchant: payment.merchant, charge })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Config, Control, NewPayment, READY_FOR, SECURITY_KEY};

    #[test]
    fn what_time_has_done_is_told_once_to_whoever_looks_on() {
        let config = Config::default();
        let clock = Clock::stopped_at(UnixMs::new(0));
        let address = Address { origin: "http://127.0.0.1:1".to_owned(), is_local: true, names: Vec::new() };
        let webhooks = Setup::new(&[], false, SECURITY_KEY).expect("a valid key");
        let merchants = config.merchants().expect("valid keys");
        let world = World::new(address, merchants, clock, config.limits, config.choices, webhooks, 0);
        Control::new(world.clone()).open(NewPayment::new("order-0001", "주문", 45_000)).expect("a valid payment");
        let mut changes = world.changes();
        changes.borrow_and_update();

        world.clock().advance(READY_FOR);
        assert!(matches!(changes.has_changed(), Ok(false)));
        world.peek(|_, _| ());
        assert!(matches!(changes.has_changed(), Ok(true)));
        changes.borrow_and_update();
        world.peek(|_, _| ());
        assert!(matches!(changes.has_changed(), Ok(false)), "there was nothing new");
    }
}
