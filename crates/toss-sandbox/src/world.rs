//! Everything the sandbox knows, behind one lock, and the signal that tells waiting tests that it has changed.
//!
//! The lock is never held across an await.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::{
    billing::Billing,
    clock::{Clock, Mode, UnixMs},
    config::{Choices, Limits, Merchant, MerchantId},
    fault::{Endpoint, Faults, Plan, ScriptFault},
    forget::{Forgotten, Whose},
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
    /// The calls that are under way, by the numbers of their records, with what each is about. One that is taken out changes
    /// nothing any more, see [`World::for_call`].
    #[serde(skip)]
    pub(crate) under_way: BTreeMap<u64, Subject>,
    /// Those of them that hang right now. One that is taken out goes on.
    #[serde(skip)]
    pub(crate) hung: BTreeSet<u64>,
}

/// Where counting goes on over a reset: what is under way from before must not pass for something from after.
#[derive(Clone, Copy, Default)]
struct Numbers {
    request: u64,
    webhook: u64,
    /// Of first uses of idempotency keys.
    turn: u64,
}

impl State {
    fn new(limits: Limits, webhooks: Setup, seed: u64, first: Numbers) -> Self {
        Self {
            payments: Payments::new(limits.payments),
            ledger: Ring::new(limits.payments, 0),
            requests: Ring::new(limits.requests, first.request),
            idempotency: Idempotency::new(limits.idempotency_keys, first.turn),
            billing: Billing::new(limits.billing_keys),
            cash_receipts: CashReceipts::new(limits.cash_receipts),
            rates: Rates::new(limits.calls_a_minute),
            faults: Faults::new(seed),
            webhooks: Webhooks::new(webhooks, limits.webhooks, first.webhook),
            under_way: BTreeMap::new(),
            hung: BTreeSet::new(),
        }
    }

    fn next(&self) -> Numbers {
        Numbers { request: self.requests.next(), webhook: self.webhooks.next(), turn: self.idempotency.next() }
    }

    /// Goes on after a restart. Nothing is under way any more.
    fn revive(&mut self, limits: Limits, webhooks: &Setup) -> Result<(), TargetRefused> {
        let Self { payments, ledger, requests, idempotency, billing, cash_receipts, rates, webhooks: told, .. } = self;
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
                state: Mutex::new(State::new(limits, webhooks.clone(), seed, Numbers::default())),
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
        // A panicking predicate of a test must not take the sandbox down with it.
        let mut state = self.inner.state.lock().unwrap_or_else(PoisonError::into_inner);
        // Read under the lock: a reset sets the clock back under it, and no time from before must reach what comes after.
        let now = self.now();
        state.payments.settle(now);
        let result = work(&mut state, now);
        let has_news = self.announce(&mut state);
        drop(state);
        if has_news {
            self.tell();
        }
        result
    }

    /// As [`World::with`], for the call of that number: one that is forgotten while it is under way finds no state to work on.
    pub(crate) fn for_call<R>(&self, number: u64, work: impl FnOnce(&mut State, UnixMs) -> R) -> Result<R, Forgotten> {
        self.with(|state, now| if state.under_way.contains_key(&number) { Ok(work(state, now)) } else { Err(Forgotten) })
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
                        webhooks.announce(&notice, Some(&merchant.client_key), faults);
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
    pub(crate) fn take_fault(&self, endpoint: Endpoint, order: &Subject, replay: bool, request: u64) -> Result<Plan, Forgotten> {
        self.for_call(request, |state, _| {
            let client_key = order.merchant.map(|merchant| self.merchant(merchant).client_key.as_str());
            let rule = state.faults.take(endpoint, order.id.as_deref(), client_key, replay);
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

    /// Waits until the call of that number is let go or forgotten. Dropped earlier, it no longer counts as hanging.
    pub(crate) async fn hang(&self, request: u64) {
        let mut released = self.inner.released.subscribe();
        if self.for_call(request, |state, _| state.hung.insert(request)).is_err() {
            return;
        }
        let _hanging = Hanging { world: self.clone(), request };
        while self.peek(|state, _| state.hung.contains(&request)) {
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

    /// Forgets what belongs to one order or to one shop, the calls about it that are under way too: those that hang end.
    /// Nothing else is touched.
    pub(crate) fn forget(&self, whose: Whose<'_>) {
        self.with(|state, _| state.forget(whose));
        self.let_go();
    }

    /// Forgets everything, the calls that are under way too, and sets the clock back to how it started.
    pub(crate) fn reset(&self) {
        let Inner { limits, webhooks, seed, clock, .. } = &*self.inner;
        self.with(|state, _| {
            clock.reset();
            *state = State::new(*limits, webhooks.clone(), *seed, state.next());
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
    let cancel = payment.cancel_of(change)?;
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
mod tests;
