//! The widget, whichever SDK made it.

use super::{Sdk, Settings};
use crate::error::{ErrorCode, WidgetError};
use crate::json::Json;
use crate::order::Order;
use crate::raw::{Latch, empty};
use crate::v1::{self, PaymentResult, UpdateReason};
use crate::v2::{self, Amount, TossPayments};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use toss_types::Won;

/// A payment widget of either SDK. First [`load`](CheckoutWidget::load), then [`render`](CheckoutWidget::render) once.
/// Dropping it drops the callbacks, and with SDK v2 takes the widget off the page.
pub struct CheckoutWidget {
    made: Made,
    settings: Settings,
    drawn: RefCell<Option<Drawn>>,
}

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
            Sdk::V1 => Made::V1(v1::load_payment_widget(load, client_key, customer).await?),
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
        let fields = order.fields();
        fields.checked()?;
        let mut json = Json::new();
        fields.put(&mut json);
        match &self.made {
            Made::V1(widget) => widget.request(&fields, json.finish()).await,
            Made::V2(widgets) => widgets.request(&fields, json.finish()).await?.map(in_won).transpose(),
        }
    }
}

fn in_won(result: v2::PaymentResult) -> Result<PaymentResult, WidgetError> {
    let Amount::Won(amount) = result.amount else {
        return Err(another_amount());
    };
    let payment_type = result.payment_type.unwrap_or_else(|| v1::PaymentType::Unknown(String::new()));
    Ok(PaymentResult { payment_type, payment_key: result.payment_key, order_id: result.order_id, amount, method_id: None })
}

pub(super) fn another_amount() -> WidgetError {
    WidgetError::new(ErrorCode::UnexpectedValue { member: "requestPayment" }, "requestPayment answered another amount")
}

pub(super) fn not_drawn() -> WidgetError {
    WidgetError::new(ErrorCode::UnknownError, "the widget is not drawn")
}
