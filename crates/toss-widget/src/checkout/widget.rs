//! The widget, whichever SDK made it.

use super::Settings;
use super::sdk::Sdk;
use crate::error::{ErrorCode, WidgetError};
use crate::json::Json;
use crate::order::Order;
use crate::payment::{PaymentType, UpdateReason};
use crate::raw::{Latch, empty};
use crate::setters::opaque;
use crate::v1;
use crate::v2::{self, Amount, TossPayments};
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;
use toss_types::{OrderId, PaymentKey, Won};

/// A payment widget of either SDK. First [`load`](CheckoutWidget::load), then [`render`](CheckoutWidget::render) once.
/// Dropping it drops the callbacks, and with SDK v2 takes the widget off the page; [`forget`](CheckoutWidget::forget) leaves
/// both for good.
///
/// ```no_run
/// use toss_widget::checkout::{CheckoutWidget, Settings};
/// use toss_widget::{Order, OrderId, WidgetError, Won};
///
/// async fn pay(settings: &Settings, order_id: OrderId) -> Result<(), WidgetError> {
///     let widget = CheckoutWidget::load(settings).await?;
///     widget.render(Won::of(50_000), |agreed| { let _enabled = agreed; }).await?;
///     widget.set_amount(Won::of(45_000), None).await?;
///     widget.request_payment(&Order::new(order_id, "사과 외 2건")).await?;
///     Ok(())
/// }
/// ```
pub struct CheckoutWidget {
    made: Made,
    settings: Settings,
    drawn: RefCell<Option<Drawn>>,
}

opaque!(CheckoutWidget);

enum Made {
    V1(v1::PaymentWidget),
    V2(v2::Widgets),
}

enum Drawn {
    V1 { methods: v1::PaymentMethods, _agreement: v1::Agreement },
    V2 { _methods: v2::PaymentMethods, _agreement: v2::Agreement },
}

impl CheckoutWidget {
    /// Loads the script of the SDK if need be, and makes a widget; nothing is drawn yet.
    ///
    /// # Errors
    /// `InvalidArgument` for `client_key`; `Blocked`, `TimedOut`, `NoGlobal`, `Cleared` while loading;
    /// whatever the script throws. `NotInBrowser` where there is no window.
    pub async fn load(settings: &Settings) -> Result<CheckoutWidget, WidgetError> {
        let Settings { load, client_key, customer, .. } = settings;
        let made = match settings.sdk {
            Sdk::V1 => Made::V1(v1::PaymentWidget::load(load, client_key, customer).await?),
            Sdk::V2 => Made::V2(TossPayments::load(load, client_key).await?.widgets(customer)?),
        };
        Ok(CheckoutWidget { made, settings: settings.clone(), drawn: RefCell::new(None) })
    }

    /// Draws methods and terms with this amount, and returns when they can be used. From then on, and once before, `agreed`
    /// hears whether the required terms are agreed to. SDK v2 has no way to ask: until its first event they count as
    /// agreed to, so that the pay button is open and Toss itself says what is missing (`NeedAgreementWithRequiredTerms`).
    ///
    /// What was drawn before goes first. Dropping the future is safe.
    ///
    /// # Errors
    /// `InvalidArgument` for an empty selector; whatever the script throws or rejects with.
    pub async fn render(&self, amount: Won, agreed: impl Fn(bool) + 'static) -> Result<(), WidgetError> {
        drop(self.drawn.take());
        let drawn = match &self.made {
            Made::V1(widget) => self.render_v1(widget, amount, Rc::new(agreed)).await,
            Made::V2(widgets) => self.render_v2(widgets, amount, Rc::new(agreed)).await,
        };
        self.drawn.replace(Some(drawn?));
        Ok(())
    }

    async fn render_v1(&self, widget: &v1::PaymentWidget, amount: Won, agreed: Rc<dyn Fn(bool)>) -> Result<Drawn, WidgetError> {
        let (methods, agreement) = (&self.settings.methods, &self.settings.agreement);
        // SDK v1 has no way to remove what an earlier widget drew.
        empty(&methods.selector);
        empty(&agreement.selector);
        let ready = Latch::default();
        let mut methods = widget.render_payment_methods(&methods.selector, amount, methods.variant_key.as_deref())?;
        let mut agreement = widget.render_agreement(&agreement.selector, agreement.variant_key.as_deref())?;
        let latch = ready.clone();
        methods.on_ready(move || latch.open())?;
        let tell = Rc::clone(&agreed);
        agreement.on_change(move |status| tell(status.agreed_required_terms))?;
        ready.opened().await;
        agreed(agreement.status()?.agreed_required_terms);
        Ok(Drawn::V1 { methods, _agreement: agreement })
    }

    async fn render_v2(&self, widgets: &v2::Widgets, amount: Won, agreed: Rc<dyn Fn(bool)>) -> Result<Drawn, WidgetError> {
        let (methods, agreement) = (&self.settings.methods, &self.settings.agreement);
        widgets.set_amount(&Amount::Won(amount)).await?;
        let places = [methods, agreement].map(|place| (place.selector.as_str(), place.variant_key.as_deref()));
        let (methods, mut agreement) = widgets.render_both(places[0], places[1]).await?;
        let heard = Rc::new(Cell::new(false));
        let (hear, tell) = (Rc::clone(&heard), Rc::clone(&agreed));
        agreement.on_change(move |status| {
            hear.set(true);
            tell(status.agreed_required_terms);
        })?;
        if !heard.get() {
            agreed(true);
        }
        Ok(Drawn::V2 { _methods: methods, _agreement: agreement })
    }

    /// Changes the amount of a widget that is drawn; nothing is drawn anew. `reason` feeds the reports of SDK v1.
    ///
    /// # Errors
    /// `UnknownError` before [`render`](CheckoutWidget::render) has returned; whatever the script throws or rejects with,
    /// after which the widget may show either amount.
    pub async fn set_amount(&self, amount: Won, reason: Option<UpdateReason>) -> Result<(), WidgetError> {
        match (&self.made, &*self.drawn.borrow()) {
            (Made::V1(_), Some(Drawn::V1 { methods, .. })) => return methods.update_amount(amount, reason),
            (Made::V2(_), Some(Drawn::V2 { .. })) => {}
            (Made::V1(_) | Made::V2(_), Some(Drawn::V1 { .. } | Drawn::V2 { .. }) | None) => return Err(not_drawn()),
        }
        match &self.made {
            Made::V1(_) => Err(not_drawn()),
            Made::V2(widgets) => widgets.set_amount(&Amount::Won(amount)).await,
        }
    }

    /// Requests the payment of the amount that the widget shows. `None` in redirect mode, in which the browser is about to
    /// leave the page; in promise mode the result, which is no payment yet: the server confirms it.
    ///
    /// # Errors
    /// `InvalidArgument` from [`Order::validate`]; what the script throws or rejects with, such as
    /// `NeedAgreementWithRequiredTerms` and `UserCancel`; `UnexpectedValue` for a result that cannot be read or is not of
    /// this order.
    pub async fn request_payment(&self, order: &Order) -> Result<Option<PaymentResult>, WidgetError> {
        // What an order says is the same for both.
        order.checked()?;
        let mut json = Json::new();
        order.put(&mut json);
        match &self.made {
            Made::V1(widget) => Ok(widget.request(order, json.finish()).await?.map(PaymentResult::from_v1)),
            Made::V2(widgets) => widgets.request(order, json.finish()).await?.map(PaymentResult::from_v2).transpose(),
        }
    }

    /// Leaves the widget on the page and keeps the callbacks for as long as the page lives, without anybody who has to hold
    /// this. For what is drawn once and never goes; what `agreed` holds is not freed.
    pub fn forget(self) {
        std::mem::forget(self);
    }
}

/// What promise mode resolves to, whichever SDK runs. **No money has moved yet**: the server compares with its own order and
/// confirms.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct PaymentResult {
    /// The kind of payment; `None` if the script left it out.
    pub payment_type: Option<PaymentType>,
    /// Toss's key of the payment.
    pub payment_key: PaymentKey,
    /// The order that was requested.
    pub order_id: OrderId,
    /// The amount that the widget showed. The server must confirm its own, not this one.
    pub amount: Won,
}

impl PaymentResult {
    fn from_v1(result: v1::PaymentResult) -> PaymentResult {
        let v1::PaymentResult { payment_type, payment_key, order_id, amount, method_id: _ } = result;
        PaymentResult { payment_type, payment_key, order_id, amount }
    }

    fn from_v2(result: v2::PaymentResult) -> Result<PaymentResult, WidgetError> {
        let v2::PaymentResult { payment_type, payment_key, order_id, amount } = result;
        match amount {
            Amount::Won(amount) => Ok(PaymentResult { payment_type, payment_key, order_id, amount }),
            Amount::Foreign { .. } => Err(another_amount()),
        }
    }
}

impl fmt::Debug for PaymentResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PaymentResult")
            .field("payment_type", &self.payment_type)
            .field("order_id", &self.order_id)
            .field("amount", &self.amount)
            .finish_non_exhaustive()
    }
}

pub(super) fn another_amount() -> WidgetError {
    WidgetError::new(ErrorCode::UnexpectedValue { member: "requestPayment" }, "requestPayment answered another amount")
}

pub(super) fn not_drawn() -> WidgetError {
    WidgetError::new(ErrorCode::UnknownError, "the widget is not drawn")
}
