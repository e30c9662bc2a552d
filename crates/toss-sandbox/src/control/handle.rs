//! The control plane inside the process.

use std::{fmt, time::Duration};

use super::{Authenticated, NewPayment, View};
use crate::{
    clock::{Clock, UnixMs},
    config::MerchantId,
    error::{ApiError, Code, Language},
    fault::{Fault, Rule, Scope, ScriptFault, Times, TooManyRules},
    forget::Whose,
    money::Decimal,
    order::{Order, RawOrder},
    payment::Payment,
    records::{Charge, PaymentView, RequestRecord},
    window::{self, Return},
    world::World,
};

/// Looks into a sandbox and interferes with it. Cheap to clone.
///
/// ```
/// use toss_sandbox::{Config, NewPayment, Sandbox, Status};
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sandbox = Sandbox::start(Config::default()).await?;
/// let control = sandbox.control();
/// let open = control.open(NewPayment::new("order-0001", "책", 12_000))?;
/// control.approve(&open.payment_key)?;
/// assert_eq!(control.payment(&open.payment_key).map(|it| it.status), Some(Status::InProgress));
/// assert!(control.charges("order-0001").is_empty(), "the shop has not confirmed");
/// control.reset_order("order-0001");
/// assert!(control.payments().is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Control {
    world: World,
}

impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control").field("origin", &self.world.origin()).finish_non_exhaustive()
    }
}

/// The sandbox did not do what was asked: a code of Toss or of the browser SDK, and an English message.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{code}: {message}")]
#[non_exhaustive]
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
        Ok(self.make_counted(payment, true)?)
    }

    /// Makes a payment whose window stands open: READY.
    ///
    /// # Errors
    /// As [`Control::authenticate`].
    pub fn open(&self, payment: NewPayment) -> Result<Authenticated, Refused> {
        Ok(self.make_counted(payment, false)?)
    }

    fn make_counted(&self, payment: NewPayment, authenticated: bool) -> Result<Authenticated, ApiError> {
        let amount = Decimal::of(payment.amount, payment.currency);
        self.make(payment, amount, authenticated)
    }

    /// Makes a payment of that amount, whatever `payment` says.
    pub(super) fn make(&self, payment: NewPayment, amount: Decimal, authenticated: bool) -> Result<Authenticated, ApiError> {
        let NewPayment { order_id, order_name, currency, method, success_url, fail_url, decline_at_confirm, client_key, .. } = payment;
        let merchant = match client_key {
            // The configured pair stands first.
            None => MerchantId(0),
            Some(key) => self.shop(&key)?,
        };
        let currency = Some(currency.as_str().to_owned());
        let order =
            Order::check(RawOrder { order_id, order_name, amount, currency, method, success_url, fail_url, ..RawOrder::default() })?;
        let (order_id, amount) = (order.order_id.clone(), order.amount);
        let payment_key = window::start(&self.world, merchant, order)?;
        if authenticated {
            self.act(&payment_key, |payment, now| window::authenticate(payment, decline_at_confirm, now))?;
        }
        Ok(Authenticated { payment_key, order_id, amount })
    }

    pub(super) fn shop(&self, client_key: &str) -> Result<MerchantId, ApiError> {
        self.world.merchant_where(|merchant| merchant.client_key == client_key).ok_or_else(|| {
            let why = format!("no shop of this sandbox has the client key {client_key:?}");
            ApiError::other(Code::NOT_FOUND_MERCHANT.status(), Code::NOT_FOUND_MERCHANT.as_str(), why.clone(), why)
        })
    }

    /// A fault for a shop that there is not would wait for nothing.
    pub(super) fn refuse_unknown_shop(&self, client_key: Option<&str>) -> Result<(), ApiError> {
        client_key.map_or(Ok(()), |client_key| self.shop(client_key).map(|_| ()))
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

    /// Lets the browser script go wrong, for every order and shop: it is fetched before either is known.
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

    /// Forgets the faults of the API and of webhooks that wait for that order alone. Those for all orders, and those of the
    /// browser script, which knows no orders, stay.
    pub fn clear_faults_of(&self, order_id: &str) {
        self.world.with(|state, _| state.faults.clear_order(order_id));
    }

    /// Forgets the faults of the API and of webhooks that wait for the shop with that client key alone. Those for all shops, and
    /// those of the browser script, which knows no shops, stay.
    ///
    /// # Errors
    /// [`Refused`], when no shop has the client key.
    pub fn clear_faults_of_shop(&self, client_key: &str) -> Result<(), Refused> {
        Ok(self.disarm_shop(client_key)?)
    }

    pub(super) fn disarm_shop(&self, client_key: &str) -> Result<(), ApiError> {
        self.shop(client_key)?;
        self.world.with(|state, _| state.faults.clear_shop(client_key));
        Ok(())
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

    /// Forgets everything, and sets the clock back to how it started. A call that is under way has no effect any more and is
    /// answered 500 `SANDBOX_RESET`: at once, if it hangs.
    pub fn reset(&self) {
        self.world.reset();
    }

    /// Forgets what belongs to one order, of whichever shop, and nothing else: its payments, ledger entries, recorded
    /// calls, idempotency keys that a call about it has used first, cash receipts, webhooks (what waits is not sent), and
    /// the faults that are for it alone. A call about it that is under way ends as with [`Control::reset`].
    ///
    /// What belongs to no order stays: billing keys, registrations, security keys, faults for all orders or of the script,
    /// calls that name no order (transactions, say), and the clock.
    pub fn reset_order(&self, order_id: &str) {
        self.world.forget(Whose::Order(order_id));
    }

    /// Forgets what belongs to one shop, by its client key, and nothing else: what [`Control::reset_order`] forgets, of all
    /// its orders; besides, its billing keys and what customers have agreed to, its calls without an order, and how often
    /// it has called. Of faults those go that are for it, and those that name no shop but an order which this shop has a
    /// payment of and no other shop has.
    ///
    /// Registrations, security keys, events sent by hand, faults for everybody or of the script, and the clock stay.
    ///
    /// # Errors
    /// [`Refused`], when no shop has the client key.
    pub fn reset_shop(&self, client_key: &str) -> Result<(), Refused> {
        Ok(self.forget_shop(client_key)?)
    }

    pub(super) fn forget_shop(&self, client_key: &str) -> Result<(), ApiError> {
        self.world.forget(Whose::Shop(self.shop(client_key)?, client_key));
        Ok(())
    }

    /// Looks at one moment, which does not move while `look` runs. It must not call the [`Control`].
    pub fn look<R>(&self, look: impl FnOnce(&mut View<'_>) -> R) -> R {
        self.world.peek(|state, now| look(&mut View::at(state, now)))
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
