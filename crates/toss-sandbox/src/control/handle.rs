//! The control plane inside the process.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{
    clock::{Clock, UnixMs},
    config::MerchantId,
    error::{ApiError, Code, Language},
    fault::{Fault, Rule, Scope, ScriptFault, Times, TooManyRules},
    order::{Method, Order, RawOrder, Won},
    payment::Payment,
    records::{Charge, ChargeKind, PaymentView, RequestRecord},
    window::{self, Return},
    world::{State, World},
};

/// Looks into a sandbox and interferes with it. Cheap to clone.
#[derive(Clone)]
pub struct Control {
    world: World,
}

impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control").field("origin", &self.world.origin()).finish_non_exhaustive()
    }
}

/// A payment to be made without a browser.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPayment {
    /// 6 to 64 characters of `A-Za-z0-9-_=`.
    pub order_id: String,
    /// 1 to 100 characters.
    pub order_name: String,
    /// In KRW, above 0.
    pub amount: i64,
    /// How it is paid; by card if not said.
    #[serde(default)]
    pub method: Method,
    /// Where the window would lead after success; with `fail_url` or not at all.
    #[serde(default)]
    pub success_url: Option<String>,
    /// Where the window would lead after a failure.
    #[serde(default)]
    pub fail_url: Option<String>,
    /// Refuse the confirm with this code, once the payment is authenticated.
    #[serde(default)]
    pub decline_at_confirm: Option<String>,
    /// Whose payment it is, by the client key; the configured pair's if not said.
    #[serde(default)]
    pub client_key: Option<String>,
    /// Whether the shopper has authenticated already. [`Control::authenticate`] and [`Control::open`] say so by name;
    /// over HTTP it is true if not said.
    #[serde(default = "authenticated")]
    pub authenticated: bool,
}

fn authenticated() -> bool {
    true
}

impl NewPayment {
    /// A card payment without redirect, authenticated.
    pub fn new(order_id: impl Into<String>, order_name: impl Into<String>, amount: i64) -> Self {
        Self {
            order_id: order_id.into(),
            order_name: order_name.into(),
            amount,
            method: Method::Card,
            success_url: None,
            fail_url: None,
            decline_at_confirm: None,
            client_key: None,
            authenticated: true,
        }
    }
}

/// A payment that was made without a browser.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Authenticated {
    /// What `paymentKey` of the success URL would be.
    pub payment_key: String,
    /// The order.
    pub order_id: String,
    /// In KRW.
    pub amount: Won,
}

/// The sandbox did not do what was asked: a code of Toss or of the browser SDK, and an English message.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Refused {
    /// The code that a client would have got.
    pub code: String,
    /// What is wrong.
    pub message: String,
}

impl From<ApiError> for Refused {
    fn from(error: ApiError) -> Self {
        Self { message: error.message(Language::English).to_owned(), code: error.code }
    }
}

/// What [`Control::wait_for`] waited for did not happen in time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("nothing of the kind happened within {0:?}")]
pub struct DeadlinePassed(pub Duration);

impl Control {
    pub(crate) fn new(world: World) -> Self {
        Self { world }
    }

    pub(super) fn world(&self) -> &World {
        &self.world
    }

    /// Makes a payment whose shopper has authenticated: IN_PROGRESS, waiting for the confirm.
    ///
    /// # Errors
    /// [`Refused`] when a field is out of its limits or the order has been charged.
    pub fn authenticate(&self, payment: NewPayment) -> Result<Authenticated, Refused> {
        Ok(self.make(payment, true)?)
    }

    /// Makes a payment whose window stands open: READY.
    ///
    /// # Errors
    /// As [`Control::authenticate`].
    pub fn open(&self, payment: NewPayment) -> Result<Authenticated, Refused> {
        Ok(self.make(payment, false)?)
    }

    pub(super) fn make(&self, payment: NewPayment, authenticated: bool) -> Result<Authenticated, ApiError> {
        let NewPayment { order_id, order_name, amount, method, success_url, fail_url, decline_at_confirm, client_key, authenticated: _ } =
            payment;
        let merchant = match client_key {
            // The configured pair stands first.
            None => MerchantId(0),
            Some(key) => self.world.merchant_where(|merchant| merchant.client_key == key).ok_or(Code::NOT_FOUND_MERCHANT)?,
        };
        let order = Order::check(RawOrder { order_id, order_name, amount, method, success_url, fail_url, ..RawOrder::default() })?;
        let (order_id, amount) = (order.order_id.clone(), order.amount);
        let payment_key = window::start(&self.world, merchant, order)?;
        if authenticated {
            self.act(&payment_key, |payment, now| window::authenticate(payment, decline_at_confirm, now))?;
        }
        Ok(Authenticated { payment_key, order_id, amount })
    }

    /// The shopper authenticates in the window. Gives the URL that the browser would go to, in redirect mode.
    ///
    /// # Errors
    /// [`Refused`] when there is no such payment or its window has nothing to do any more.
    pub fn approve(&self, payment_key: &str) -> Result<Option<String>, Refused> {
        Ok(self.act(payment_key, |payment, now| window::authenticate(payment, None, now))?)
    }

    /// The shopper closes the window; the payment stays READY. Result and errors as [`Control::approve`].
    ///
    /// # Errors
    /// As [`Control::approve`].
    pub fn cancel(&self, payment_key: &str) -> Result<Option<String>, Refused> {
        Ok(self.act(payment_key, window::close)?)
    }

    /// The payment is refused at the window with `code`. Result and errors as [`Control::approve`].
    ///
    /// # Errors
    /// As [`Control::approve`].
    pub fn abort(&self, payment_key: &str, code: Code) -> Result<Option<String>, Refused> {
        Ok(self.act(payment_key, |payment, now| window::refuse(payment, code, now))?)
    }

    pub(super) fn act(
        &self,
        payment_key: &str,
        act: impl FnOnce(&mut Payment, UnixMs) -> Result<Return, Code>,
    ) -> Result<Option<String>, ApiError> {
        self.world.with(|state, now| {
            let payment = state.payments.get(payment_key, now).ok_or(Code::NOT_FOUND_PAYMENT)?;
            let outcome = act(payment, now)?;
            Ok(outcome.url(payment).map(String::from))
        })
    }

    /// Lets calls go wrong.
    ///
    /// # Errors
    /// [`TooManyRules`], when a thousand faults are waiting.
    pub fn fault(&self, fault: Fault, scope: Scope, times: Times) -> Result<(), TooManyRules> {
        let rule = Rule { fault, scope, times };
        self.world.with(|state, _| state.faults.add(rule))
    }

    /// Lets the browser script go wrong.
    ///
    /// # Errors
    /// [`TooManyRules`], when a thousand faults are waiting.
    pub fn script_fault(&self, fault: ScriptFault, times: Times) -> Result<(), TooManyRules> {
        self.world.with(|state, _| state.faults.add_script(fault, times))
    }

    /// Forgets every fault that waits. Calls that hang go on hanging.
    pub fn clear_faults(&self) {
        self.world.with(|state, _| state.faults.clear());
    }

    /// Lets every hanging call go on: those before the charge with the charge, those after it with the answer.
    pub fn release_hung(&self) {
        self.world.release_hung();
    }

    /// Every movement of money, oldest first.
    pub fn ledger(&self) -> Vec<Charge> {
        self.look(|view| view.ledger().cloned().collect())
    }

    /// The charges of one order; more than one is a bug in the shop or here.
    pub fn charges(&self, order_id: &str) -> Vec<Charge> {
        self.look(|view| view.charges(order_id).cloned().collect())
    }

    /// Every recorded call of the core API, oldest first.
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.look(|view| view.requests().cloned().collect())
    }

    /// Every payment, oldest first.
    pub fn payments(&self) -> Vec<PaymentView> {
        self.look(|view| view.payments())
    }

    /// One payment.
    pub fn payment(&self, payment_key: &str) -> Option<PaymentView> {
        self.look(|view| view.payment(payment_key))
    }

    /// The rules that wait for calls, and those that wait for the script.
    pub fn faults(&self) -> (Vec<Rule>, Vec<(ScriptFault, Times)>) {
        self.world.peek(|state, _| (state.faults.rules().to_vec(), state.faults.script_rules().to_vec()))
    }

    /// The clock. It moves by [`Control::advance`], [`Control::stop_clock`] and [`Control::run_clock`].
    pub fn clock(&self) -> &Clock {
        self.world.clock()
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        self.world.clock().advance(by);
        self.world.with(|_, _| ());
    }

    /// Lets the clock stand still.
    pub fn stop_clock(&self) {
        self.world.clock().stop();
        self.world.tell();
    }

    /// Lets the clock go on from where it stands, but not behind the system's.
    pub fn run_clock(&self) {
        self.world.clock().run();
        self.world.with(|_, _| ());
    }

    /// Forgets everything, lets hanging calls go, and sets the clock back to how it started.
    pub fn reset(&self) {
        self.world.reset();
    }

    /// Looks at one moment, which does not move while `look` runs. It must not call the [`Control`].
    pub fn look<R>(&self, look: impl FnOnce(&mut View<'_>) -> R) -> R {
        self.world.peek(|state, now| look(&mut View { state, now }))
    }

    /// Waits until `happened` is true of what the sandbox knows, looking again after every change.
    ///
    /// # Errors
    /// [`DeadlinePassed`], when it has not become true within `deadline` of real time.
    pub async fn wait_for(&self, mut happened: impl FnMut(&mut View<'_>) -> bool, deadline: Duration) -> Result<(), DeadlinePassed> {
        let mut changes = self.world.changes();
        let wait = async {
            loop {
                changes.borrow_and_update();
                if self.look(&mut happened) {
                    return;
                }
                changes.changed().await.expect("invariant: the sender lives as long as self");
            }
        };
        tokio::time::timeout(deadline, wait).await.map_err(|_| DeadlinePassed(deadline))
    }
}

/// What the sandbox knows at one moment.
pub struct View<'a> {
    state: &'a mut State,
    now: UnixMs,
}

impl View<'_> {
    pub(super) fn state(&self) -> &State {
        self.state
    }

    /// Every movement of money, oldest first.
    pub fn ledger(&self) -> impl DoubleEndedIterator<Item = &Charge> {
        self.state.ledger.iter()
    }

    /// The charges of one order.
    pub fn charges(&self, order_id: &str) -> impl Iterator<Item = &Charge> {
        self.ledger().filter(move |charge| charge.kind == ChargeKind::Charge && charge.order_id == order_id)
    }

    /// Every recorded call of the core API, oldest first.
    pub fn requests(&self) -> impl DoubleEndedIterator<Item = &RequestRecord> {
        self.state.requests.iter()
    }

    /// How many calls hang.
    pub fn hung(&self) -> usize {
        self.state.hung
    }

    /// Every payment, oldest first.
    pub fn payments(&mut self) -> Vec<PaymentView> {
        self.state.payments.all().map(PaymentView::of).collect()
    }

    /// The newest payments that are `wanted`, at most `limit`, newest first.
    pub(super) fn newest_payments(&self, limit: usize, wanted: impl Fn(&Payment) -> bool) -> Vec<PaymentView> {
        self.state.payments.all().rev().filter(|payment| wanted(payment)).take(limit).map(PaymentView::of).collect()
    }

    /// One payment.
    pub fn payment(&mut self, payment_key: &str) -> Option<PaymentView> {
        let payment = self.state.payments.get(payment_key, self.now)?;
        Some(PaymentView::of(payment))
    }
}
