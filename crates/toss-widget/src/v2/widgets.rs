//! The widgets: payment methods and terms on the page.

use super::request::WidgetRequest;
use super::result::{self, AgreementStatus, Amount, PaymentResult};
use super::window::{PaymentWindow, WindowVariants};
use super::{SelectedMethod, leaving};
use crate::args;
use crate::error::WidgetError;
use crate::json::Json;
use crate::order::Order;
use crate::raw::{Arg, Part, Pending, Value};
use crate::setters::opaque;
use std::future::poll_fn;
use std::pin::Pin;

/// A set of widgets (types, `TossPaymentsWidgets`). First [`set_amount`](Widgets::set_amount), then draw, then
/// [`request_payment`](Widgets::request_payment). Clones are the same widgets.
#[derive(Clone)]
pub struct Widgets(Value);

opaque!(Widgets, PaymentMethods, Agreement);

impl Widgets {
    pub(super) fn new(value: Value) -> Widgets {
        Widgets(value)
    }

    /// Sets the amount, before drawing and whenever it changes; nothing is drawn anew (docs, `setAmount`).
    ///
    /// # Errors
    /// `InvalidArgument` for an amount of a foreign currency that cannot be written; what the script rejects with, such as
    /// `InvalidAmountCurrency` and `InvalidMethodTransaction`. The widget may then show either amount.
    pub async fn set_amount(&self, amount: &Amount) -> Result<(), WidgetError> {
        amount.checked()?;
        self.0.start("setAmount", &[Arg::Json(amount.json())])?.await.map(drop)
    }

    /// Draws the payment methods into the element that `selector` matches, which has to exist already (docs,
    /// `renderPaymentMethods`). Without `variant_key` it is `DEFAULT`. They can be used when this returns.
    ///
    /// Methods that were dropped before, or whose drawing was, are destroyed first. Dropping the future is safe.
    ///
    /// # Errors
    /// `InvalidArgument` for an empty `selector`; what the script rejects with, such as `NotSetupAmount`,
    /// `PaymentMethodsWidgetAlreadyRendered`, `InvalidSelector`, `InvalidVariantKey`; `UnexpectedValue` if it draws nothing.
    pub async fn render_payment_methods(&self, selector: &str, variant_key: Option<&str>) -> Result<PaymentMethods, WidgetError> {
        args::selector(selector)?;
        leaving::all_gone().await;
        self.begin_methods(selector, variant_key)?.finish().await.map(PaymentMethods)
    }

    /// Draws the terms; otherwise as [`render_payment_methods`](Widgets::render_payment_methods), beside which it may run
    /// (docs, `renderAgreement`).
    ///
    /// # Errors
    /// As [`render_payment_methods`](Widgets::render_payment_methods), with `AgreementWidgetAlreadyRendered` in place of its
    /// namesake and without `NotSetupAmount`.
    pub async fn render_agreement(&self, selector: &str, variant_key: Option<&str>) -> Result<Agreement, WidgetError> {
        args::selector(selector)?;
        leaving::all_gone().await;
        self.begin_agreement(selector, variant_key)?.finish().await.map(Agreement)
    }

    /// Both at once, as Toss's sample does it.
    pub(crate) async fn render_both(
        &self,
        methods: (&str, Option<&str>),
        agreement: (&str, Option<&str>),
    ) -> Result<(PaymentMethods, Agreement), WidgetError> {
        args::selector(methods.0)?;
        args::selector(agreement.0)?;
        leaving::all_gone().await;
        let drawing_methods = self.begin_methods(methods.0, methods.1)?;
        let drawing_agreement = self.begin_agreement(agreement.0, agreement.1)?;
        Ok((PaymentMethods(drawing_methods.finish().await?), Agreement(drawing_agreement.finish().await?)))
    }

    /// Opens the window of the chosen method, for the amount that was set (docs, `requestPayment`).
    ///
    /// `None` in redirect mode, in which the browser is about to leave the page. In promise mode the result, which is no
    /// payment yet: the server confirms it. If the script never answers, neither does this; dropping the future is safe,
    /// but does not close the window.
    ///
    /// # Errors
    /// `InvalidArgument` from [`WidgetRequest::validate`]; what the script throws or rejects with, such as
    /// `NeedAgreementWithRequiredTerms`, `NotSelectedPaymentMethod` and `UserCancel`; `UnexpectedValue` for a result that
    /// cannot be read or is not of this order.
    pub async fn request_payment(&self, request: &WidgetRequest) -> Result<Option<PaymentResult>, WidgetError> {
        request.validate()?;
        self.request(&request.order, request.json().finish()).await
    }

    /// What has been checked and written.
    pub(crate) async fn request(&self, order: &Order, json: String) -> Result<Option<PaymentResult>, WidgetError> {
        const MEMBER: &str = "requestPayment";
        let answer = self.0.start(MEMBER, &[Arg::Json(json)])?.await?;
        result::payment(&answer, MEMBER, order, None)
    }

    /// Draws methods, terms and pay button as a window over the page (docs, `renderPaymentWindow`).
    ///
    /// # Errors
    /// What the script rejects with, such as `NotSetupAmount`, `PaymentWindowAlreadyRendered` and `InvalidVariantKey`;
    /// `UnexpectedValue` if it draws nothing.
    pub async fn render_payment_window(&self, variants: &WindowVariants) -> Result<PaymentWindow, WidgetError> {
        leaving::all_gone().await;
        let drawing = Drawing::begin(&self.0, "renderPaymentWindow", Arg::some_json(variants.json()))?;
        drawing.finish().await.map(PaymentWindow::new)
    }

    /// As [`render_payment_window`](Widgets::render_payment_window) and [`request_payment`](Widgets::request_payment) in
    /// one, with the amount in the request. Toss has deprecated it (types, `requestPaymentWindow`).
    ///
    /// # Errors
    /// As [`request_payment`](Widgets::request_payment), and `UnexpectedValue` for a result of another amount.
    pub async fn request_payment_window(
        &self,
        request: &WidgetRequest,
        amount: &Amount,
        variants: &WindowVariants,
    ) -> Result<Option<PaymentResult>, WidgetError> {
        const MEMBER: &str = "requestPaymentWindow";
        request.validate()?;
        amount.checked()?;
        let mut fields = request.json();
        fields.raw("amount", &amount.json());
        let args = [Arg::Json(fields.finish()), Arg::some_json(variants.json())];
        let answer = self.0.start(MEMBER, &args)?.await?;
        result::payment(&answer, MEMBER, &request.order, Some(amount))
    }

    fn begin_methods(&self, selector: &str, variant_key: Option<&str>) -> Result<Drawing, WidgetError> {
        Drawing::begin(&self.0, "renderPaymentMethods", place(selector, variant_key))
    }

    fn begin_agreement(&self, selector: &str, variant_key: Option<&str>) -> Result<Drawing, WidgetError> {
        Drawing::begin(&self.0, "renderAgreement", place(selector, variant_key))
    }
}

fn place<'a>(selector: &str, variant_key: Option<&str>) -> Arg<'a> {
    let mut json = Json::new();
    json.text("selector", selector);
    json.some_text("variantKey", variant_key);
    Arg::Json(json.finish())
}

/// A drawing under way. Whoever lets go of it does not leave a widget behind.
struct Drawing {
    member: &'static str,
    pending: Option<Pending>,
}

impl Drawing {
    fn begin(widgets: &Value, member: &'static str, arg: Arg<'_>) -> Result<Drawing, WidgetError> {
        Ok(Drawing { member, pending: Some(widgets.start(member, &[arg])?) })
    }

    async fn finish(mut self) -> Result<Drawn, WidgetError> {
        let drawn = poll_fn(|context| {
            let pending = self.pending.as_mut().expect("invariant: taken only below");
            Pin::new(pending).poll(context)
        })
        .await;
        self.pending = None;
        Ok(Drawn(Some(Part::new(drawn?.object(self.member)?))))
    }
}

impl Drop for Drawing {
    fn drop(&mut self) {
        if let Some(pending) = self.pending.take() {
            leaving::abandon(pending);
        }
    }
}

/// A widget on the page; dropping it takes it away.
pub(super) struct Drawn(Option<Part>);

impl Drawn {
    fn part(&mut self) -> &mut Part {
        self.0.as_mut().expect("invariant: taken only by what consumes it")
    }

    pub(super) fn on(&mut self, event: &'static str, handler: Box<dyn FnMut(Value)>) -> Result<(), WidgetError> {
        self.part().on(event, handler)
    }

    pub(super) fn on_awaited(&mut self, event: &'static str, handler: crate::raw::Awaited) -> Result<(), WidgetError> {
        self.part().on_awaited(event, handler)
    }

    fn value(&self) -> &Value {
        &self.0.as_ref().expect("invariant: taken only by what consumes it").value
    }

    pub(super) async fn destroy(mut self) -> Result<(), WidgetError> {
        let started = self.value().start("destroy", &[]);
        // Called once is enough, whatever comes of it.
        self.0 = None;
        started?.await.map(drop)
    }
}

impl Drop for Drawn {
    fn drop(&mut self) {
        if let Some(part) = self.0.take() {
            leaving::destroy(part.value.clone());
        }
    }
}

/// The payment methods that are drawn (types, `WidgetPaymentMethodWidget`). Keep it while the page shows them: dropping it
/// drops the callbacks and takes the methods off the page; [`forget`](PaymentMethods::forget) leaves both for good.
pub struct PaymentMethods(Drawn);

impl PaymentMethods {
    /// Calls `f` whenever the buyer chooses a method (event `paymentMethodSelect`). A call whose argument cannot be read is
    /// ignored.
    ///
    /// # Errors
    /// Whatever the script throws; then `f` is dropped.
    pub fn on_select(&mut self, mut f: impl FnMut(SelectedMethod) + 'static) -> Result<(), WidgetError> {
        let handler = move |selected: Value| {
            if let Some(selected) = SelectedMethod::read(&selected) {
                f(selected);
            }
        };
        self.0.on("paymentMethodSelect", Box::new(handler))
    }

    /// The method that is chosen right now (docs, `getSelectedPaymentMethod`).
    ///
    /// # Errors
    /// `UnexpectedValue` if the answer has no code; what the script throws or rejects with.
    pub async fn selected(&self) -> Result<SelectedMethod, WidgetError> {
        const MEMBER: &str = "getSelectedPaymentMethod";
        let answer = self.0.value().start(MEMBER, &[])?.await?;
        SelectedMethod::read(&answer).ok_or_else(|| answer.unexpected(MEMBER))
    }

    /// Takes the methods off the page, and tells how that went (docs, `destroy`).
    ///
    /// # Errors
    /// What the script throws or rejects with.
    pub async fn destroy(self) -> Result<(), WidgetError> {
        self.0.destroy().await
    }

    /// Leaves the methods on the page and keeps the callbacks for as long as the page lives, without anybody who has to hold this. What
    /// the callbacks hold is not freed, and nothing else can be drawn in its place.
    pub fn forget(self) {
        std::mem::forget(self);
    }
}

/// The terms that are drawn (types, `WidgetAgreementWidget`). Keep it while the page shows them: dropping it drops the
/// callbacks and takes the terms off the page; [`forget`](Agreement::forget) leaves both for good.
pub struct Agreement(Drawn);

impl Agreement {
    /// Calls `f` whenever the buyer ticks or unticks something (event `agreementStatusChange`). A call whose argument cannot
    /// be read is ignored: Toss itself refuses to pay without the required terms. SDK v2 has no way to ask.
    ///
    /// # Errors
    /// Whatever the script throws; then `f` is dropped.
    pub fn on_change(&mut self, mut f: impl FnMut(AgreementStatus) + 'static) -> Result<(), WidgetError> {
        let handler = move |status: Value| {
            if let Some(status) = AgreementStatus::read(&status) {
                f(status);
            }
        };
        self.0.on("agreementStatusChange", Box::new(handler))
    }

    /// Takes the terms off the page, and tells how that went (docs, `destroy`).
    ///
    /// # Errors
    /// What the script throws or rejects with.
    pub async fn destroy(self) -> Result<(), WidgetError> {
        self.0.destroy().await
    }

    /// Leaves the terms on the page and keeps the callbacks for as long as the page lives, without anybody who has to hold this. What
    /// the callbacks hold is not freed, and nothing else can be drawn in its place.
    pub fn forget(self) {
        std::mem::forget(self);
    }
}
