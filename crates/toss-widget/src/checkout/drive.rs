//! The machine with a widget under it.

use super::widget::{another_amount, not_drawn};
use super::{CheckoutWidget, PaymentResult, Settings};
use crate::error::{ErrorCode, WidgetError};
use crate::event::Subscription;
use crate::machine::{Effect, Input, Phase, step};
use crate::order::Order;
use crate::payment::UpdateReason;
use crate::raw::{Task, within};
use std::cell::RefCell;
use std::fmt;
use std::rc::{Rc, Weak};
use toss_types::Won;

/// A checkout in a page: loads and draws the widget, follows the amount, and hands out one [`Ticket`] at a time to pay.
/// What holds is said in [`machine`](crate::machine). Clones are the same checkout; when the last one goes, so do the
/// callbacks, whatever was under way, and where the SDK can (v2) the widget; [`forget`](Checkout::forget) keeps it all for
/// good. On a server it stays in its first phase.
///
/// ```no_run
/// use toss_widget::checkout::Settings;
/// use toss_widget::{Checkout, Customer, Order, OrderId, Sdk, UpdateReason, WidgetError, Won};
///
/// fn pay_page(show: impl Fn(bool) + 'static) -> Checkout {
///     // The elements have to be in the page already.
///     let settings = Settings::new(Sdk::V2, "test_gck_...", Customer::Anonymous, "#methods", "#agreement");
///     // Everything the page shows follows from the phase, the pay button from this:
///     let checkout = Checkout::new(settings, Won::of(50_000), move |phase| show(phase.can_pay()));
///     checkout.open();
///     checkout
/// }
///
/// // Another amount, at any time: nothing is drawn anew, and the last one is the one that is paid.
/// fn tick_coupon(checkout: &Checkout) {
///     checkout.want(Won::of(45_000), Some(UpdateReason::Coupon));
/// }
///
/// // The pay button. The ticket keeps it shut; dropping the ticket opens it again.
/// async fn pay(checkout: &Checkout, store_order: impl AsyncFnOnce(Won) -> OrderId) -> Result<(), WidgetError> {
///     let Some(ticket) = checkout.press() else { return Ok(()) };
///     // The shop's server stores an order of exactly this amount, and answers its number.
///     let order_id = store_order(ticket.amount()).await;
///     let order = Order::new(order_id, "사과 외 2건").redirect("https://shop.example/success", "https://shop.example/fail");
///     // The browser leaves for Toss. An error opens the button again; its code says what to tell the buyer.
///     ticket.pay(&order).await?;
///     Ok(())
/// }
/// ```
#[derive(Clone)]
pub struct Checkout(Rc<Inner>);

struct Inner {
    settings: Settings,
    phase: RefCell<Phase>,
    changes: Subscription<Phase>,
    reason: RefCell<Option<UpdateReason>>,
    widget: RefCell<Option<Rc<CheckoutWidget>>>,
    /// What the machine waits for; letting go of it ends it.
    work: RefCell<Option<Task>>,
}

impl Checkout {
    /// A checkout that does nothing until [`open`](Checkout::open). `on_change` hears every new phase; it must not hold a
    /// clone of the checkout, which would then never go.
    pub fn new(settings: Settings, amount: Won, on_change: impl FnMut(Phase) + 'static) -> Checkout {
        let (phase, _load) = Phase::start(amount);
        Checkout(Rc::new(Inner {
            settings,
            phase: RefCell::new(phase),
            changes: Subscription::new(Box::new(on_change)),
            reason: RefCell::default(),
            widget: RefCell::default(),
            work: RefCell::default(),
        }))
    }

    /// Starts to load the widget. A second call changes nothing.
    pub fn open(&self) {
        let started = self.0.work.borrow().is_some();
        if !started {
            self.0.perform(Effect::Load);
        }
    }

    /// Where it stands.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.0.phase.borrow().clone()
    }

    /// The page shows this amount, and why; Toss's reports ask for the reason.
    pub fn want(&self, amount: Won, reason: Option<UpdateReason>) {
        self.0.reason.replace(reason);
        self.0.send(Input::AmountWanted(amount));
    }

    /// The buyer asks to try again after a failure.
    pub fn retry(&self) {
        self.0.send(Input::Retry);
    }

    /// The pay button was pressed. `None` if nothing can be paid now: then nothing has happened.
    #[must_use = "dropping the ticket gives the payment up"]
    pub fn press(&self) -> Option<Ticket> {
        // Read before the page hears of it: the page may want another amount at once, which is not the one that is paid.
        let amount = self.0.phase.borrow().wanted();
        match self.0.advance(Input::PayPressed) {
            Some(Effect::RequestPayment) => Some(Ticket { checkout: Rc::clone(&self.0), amount, held: true }),
            Some(other @ (Effect::Load | Effect::Render { .. } | Effect::UpdateAmount(_))) => {
                self.0.perform(other);
                None
            }
            None => None,
        }
    }

    /// Keeps it for as long as the page lives, without anybody who has to hold a clone. For a page that shows its checkout
    /// until the browser leaves it; what the callback holds is not freed.
    pub fn forget(self) {
        std::mem::forget(self);
    }
}

impl fmt::Debug for Checkout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Checkout").field("phase", &*self.0.phase.borrow()).finish_non_exhaustive()
    }
}

impl Inner {
    fn send(self: &Rc<Inner>, input: Input) {
        if let Some(effect) = self.advance(input) {
            self.perform(effect);
        }
    }

    fn advance(&self, input: Input) -> Option<Effect> {
        let before = self.phase.borrow().clone();
        let (next, effect) = step(before.clone(), input);
        if next != before {
            self.phase.replace(next.clone());
            self.changes.entry().call(next);
        }
        effect
    }

    fn perform(self: &Rc<Inner>, effect: Effect) {
        let weak = Rc::downgrade(self);
        let task = match effect {
            Effect::Load => {
                drop(self.widget.take());
                let settings = self.settings.clone();
                Task::spawn(async move { answer(&weak, load(&weak, &settings).await) })
            }
            Effect::Render { amount } => {
                let (widget, limit_ms) = (self.widget.borrow().clone(), self.settings.patience_ms);
                Task::spawn(async move { answer(&weak, render(&weak, widget, amount, limit_ms).await) })
            }
            Effect::UpdateAmount(amount) => {
                let (widget, limit_ms) = (self.widget.borrow().clone(), self.settings.patience_ms);
                let reason = self.reason.borrow().clone();
                Task::spawn(async move { answer(&weak, update(widget, amount, reason, limit_ms).await) })
            }
            // Only `press` sends what leads here, and keeps it for the ticket.
            Effect::RequestPayment => return,
        };
        let ended = self.work.replace(Some(task));
        drop(ended);
    }
}

fn answer(checkout: &Weak<Inner>, input: Input) {
    if let Some(checkout) = checkout.upgrade() {
        checkout.send(input);
    }
}

async fn load(checkout: &Weak<Inner>, settings: &Settings) -> Input {
    match CheckoutWidget::load(settings).await {
        Ok(widget) => {
            if let Some(checkout) = checkout.upgrade() {
                checkout.widget.replace(Some(Rc::new(widget)));
            }
            Input::Loaded
        }
        Err(error) => Input::LoadFailed(error),
    }
}

async fn render(checkout: &Weak<Inner>, widget: Option<Rc<CheckoutWidget>>, amount: Won, limit_ms: u32) -> Input {
    let Some(widget) = widget else { return Input::WidgetFailed(not_drawn()) };
    let checkout = Weak::clone(checkout);
    let agreed = move |agreed| answer(&checkout, Input::AgreementChanged(agreed));
    match in_time(limit_ms, widget.render(amount, agreed)).await {
        Ok(()) => Input::WidgetReady,
        Err(error) => Input::WidgetFailed(error),
    }
}

async fn update(widget: Option<Rc<CheckoutWidget>>, amount: Won, reason: Option<UpdateReason>, limit_ms: u32) -> Input {
    let Some(widget) = widget else { return Input::WidgetFailed(not_drawn()) };
    match in_time(limit_ms, widget.set_amount(amount, reason)).await {
        Ok(()) => Input::AmountApplied(amount),
        Err(error) => Input::WidgetFailed(error),
    }
}

async fn in_time(limit_ms: u32, work: impl Future<Output = Result<(), WidgetError>>) -> Result<(), WidgetError> {
    let late = || WidgetError::new(ErrorCode::TimedOut, "the widget did not answer in time");
    within(limit_ms, work).await.unwrap_or_else(|| Err(late()))
}

/// The right to request one payment, of the amount that page and widget showed when the button was pressed. While it is
/// held the button is shut. Dropping it gives the payment up, and the button is open again.
///
/// ```no_run
/// use toss_widget::checkout::Ticket;
/// use toss_widget::{Order, WidgetError};
///
/// async fn pay(ticket: Ticket, placed: Option<Order>) -> Result<(), WidgetError> {
///     match placed {
///         Some(order) => ticket.pay(&order).await.map(drop),
///         // The server has refused the order.
///         None => Ok(ticket.give_up()),
///     }
/// }
/// ```
#[must_use = "dropping the ticket gives the payment up"]
pub struct Ticket {
    checkout: Rc<Inner>,
    amount: Won,
    held: bool,
}

impl Ticket {
    /// What is going to be paid. The server's order has to be of this amount.
    #[must_use]
    pub fn amount(&self) -> Won {
        self.amount
    }

    /// Gives the payment up, as dropping it does, in so many words.
    pub fn give_up(self) {}

    /// Requests the payment of an order that the server has stored. `None` in redirect mode: the browser is about to leave,
    /// and the button stays shut. In promise mode the result, which is no payment yet: the server confirms it.
    ///
    /// Once polled, the payment may be on its way: dropping the future then leaves the button shut for good.
    ///
    /// # Errors
    /// As [`CheckoutWidget::request_payment`], and `UnexpectedValue` for a result of another amount; then the button is open
    /// again.
    pub async fn pay(mut self, order: &Order) -> Result<Option<PaymentResult>, WidgetError> {
        let widget = self.checkout.widget.borrow().clone();
        let Some(widget) = widget else {
            self.end(Input::RequestFailed(not_drawn()));
            return Err(not_drawn());
        };
        self.held = false;
        let answer = match widget.request_payment(order).await {
            Ok(Some(result)) if result.amount != self.amount => Err(another_amount()),
            answer => answer,
        };
        match &answer {
            Ok(None) => {}
            Ok(Some(_)) => self.checkout.send(Input::RequestEnded),
            Err(error) => self.checkout.send(Input::RequestFailed(error.clone())),
        }
        answer
    }

    fn end(&mut self, input: Input) {
        if std::mem::take(&mut self.held) {
            self.checkout.send(input);
        }
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket").field("amount", &self.amount).finish_non_exhaustive()
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let why = WidgetError::new(ErrorCode::Cleared, "the payment was given up before it was requested");
        self.end(Input::RequestFailed(why));
    }
}
