//! The widget and its two parts.

use super::request::PaymentRequest;
use super::values::{AgreementStatus, PaymentResult, SelectedMethod};
use super::{DEFAULT_SRC, GLOBAL, read};
use crate::args::{self, Customer, Limit, check};
use crate::error::WidgetError;
use crate::json::{Json, quoted};
use crate::loader::{LoadOptions, global_function};
use crate::order::Order;
use crate::payment::UpdateReason;
use crate::raw::{Arg, Part, Value};
use crate::setters::opaque;
use toss_types::Won;

/// A payment widget (types, `PaymentWidgetInstance`). Clones are the same widget.
#[derive(Clone)]
pub struct PaymentWidget(Value);

opaque!(PaymentWidget, PaymentMethods, Agreement);

impl PaymentWidget {
    /// Loads the script if need be, and makes a widget (docs, `PaymentWidget(clientKey, customerKey)`). The script is
    /// shared, the widget is new with every call.
    ///
    /// # Errors
    /// `InvalidArgument` for `client_key` (empty, or a secret key); `Blocked`, `TimedOut`, `NoGlobal`, `Cleared` while
    /// loading; whatever the script throws. `NotInBrowser` where there is no window.
    pub async fn load(options: &LoadOptions, client_key: &str, customer: &Customer) -> Result<PaymentWidget, WidgetError> {
        args::client_key(client_key)?;
        let constructor = global_function(options, DEFAULT_SRC, GLOBAL).await?;
        constructor.construct(GLOBAL, &[Arg::Text(client_key), Arg::Text(customer.word())]).map(PaymentWidget)
    }

    /// As [`load`](PaymentWidget::load), for a widget that has BrandPay in it (docs, `options.brandpay.redirectUrl`).
    ///
    /// # Errors
    /// As [`load`](PaymentWidget::load), and `InvalidArgument` for a `redirect_url` that is not absolute.
    pub async fn load_with_brandpay(
        options: &LoadOptions,
        client_key: &str,
        customer: &Customer,
        redirect_url: &str,
    ) -> Result<PaymentWidget, WidgetError> {
        args::client_key(client_key)?;
        check(args::is_url(redirect_url), &Limit { field: "redirect_url", must_be: args::URL })?;
        let mut brandpay = Json::new();
        brandpay.text("redirectUrl", redirect_url);
        let mut with_brandpay = Json::new();
        with_brandpay.object("brandpay", brandpay);
        let constructor = global_function(options, DEFAULT_SRC, GLOBAL).await?;
        let args = [Arg::Text(client_key), Arg::Text(customer.word()), Arg::Json(with_brandpay.finish())];
        constructor.construct(GLOBAL, &args).map(PaymentWidget)
    }

    /// Starts to draw the payment methods into the element that `selector` matches, which has to exist already (docs,
    /// `renderPaymentMethods`). They are drawn when [`PaymentMethods::on_ready`] says so.
    ///
    /// Draw once: another amount is for [`PaymentMethods::update_amount`].
    ///
    /// # Errors
    /// `InvalidArgument` for an empty `selector`; whatever the script throws.
    pub fn render_payment_methods(&self, selector: &str, amount: Won, variant_key: Option<&str>) -> Result<PaymentMethods, WidgetError> {
        args::selector(selector)?;
        self.draw("renderPaymentMethods", &[Arg::Text(selector), Arg::Won(amount), variant(variant_key)]).map(PaymentMethods)
    }

    /// Starts to draw the terms into the element that `selector` matches, which has to exist already (docs,
    /// `renderAgreement`).
    ///
    /// # Errors
    /// `InvalidArgument` for an empty `selector`; whatever the script throws.
    pub fn render_agreement(&self, selector: &str, variant_key: Option<&str>) -> Result<Agreement, WidgetError> {
        args::selector(selector)?;
        self.draw("renderAgreement", &[Arg::Text(selector), variant(variant_key)]).map(Agreement)
    }

    fn draw(&self, member: &'static str, args: &[Arg<'_>]) -> Result<Part, WidgetError> {
        self.0.call(member, args)?.object(member).map(Part::new)
    }

    /// Opens the payment window for the amount that the widget shows (docs, `requestPayment`).
    ///
    /// `None` in redirect mode, in which the browser is about to leave the page. In promise mode the result, which is no
    /// payment yet: the server confirms it. If the script never answers, neither does this; dropping the future is safe,
    /// but does not close the window.
    ///
    /// # Errors
    /// `InvalidArgument` from [`PaymentRequest::validate`]; what the script throws or rejects with, such as
    /// `NeedAgreementWithRequiredTerms` and `UserCancel`; `UnexpectedValue` for a result that cannot be read or is not of
    /// this order.
    pub async fn request_payment(&self, request: &PaymentRequest) -> Result<Option<PaymentResult>, WidgetError> {
        request.validate()?;
        self.request(&request.order, request.json()).await
    }

    /// What has been checked and written.
    pub(crate) async fn request(&self, order: &Order, json: String) -> Result<Option<PaymentResult>, WidgetError> {
        const MEMBER: &str = "requestPayment";
        let answer = self.0.start(MEMBER, &[Arg::Json(json)])?.await?;
        if order.is_redirect() {
            return Ok(None);
        }
        let result = read::payment_result(&answer).filter(|result| result.order_id == order.order_id);
        result.map(Some).ok_or_else(|| answer.unexpected(MEMBER))
    }
}

fn variant<'a>(variant_key: Option<&str>) -> Arg<'a> {
    let mut json = Json::new();
    json.some_text("variantKey", variant_key);
    Arg::some_json(json)
}

/// The payment methods that are drawn (types, `PaymentMethodsWidget`). Keep it while the page shows them: dropping it drops
/// the callbacks, and [`forget`](PaymentMethods::forget) keeps them for good. What is drawn stays, since v1 has no way to
/// remove it.
pub struct PaymentMethods(Part);

impl PaymentMethods {
    /// Shows another amount without drawing anew (docs, `updateAmount`).
    ///
    /// # Errors
    /// Whatever the script throws, after which the widget may show either amount.
    pub fn update_amount(&self, amount: Won, reason: Option<UpdateReason>) -> Result<(), WidgetError> {
        self.update_amount_for(amount, reason.as_slice())
    }

    /// As [`update_amount`](PaymentMethods::update_amount), for any number of reasons at once.
    ///
    /// # Errors
    /// As [`update_amount`](PaymentMethods::update_amount).
    pub fn update_amount_for(&self, amount: Won, reasons: &[UpdateReason]) -> Result<(), WidgetError> {
        const MEMBER: &str = "updateAmount";
        let amount = Arg::Won(amount);
        let answer = match reasons {
            [] => self.0.value.call(MEMBER, &[amount]),
            [reason] => self.0.value.call(MEMBER, &[amount, Arg::Text(&self.reason(reason))]),
            several => {
                let mut list = String::new();
                for reason in several {
                    list.push(if list.is_empty() { '[' } else { ',' });
                    list.push_str(&quoted(&self.reason(reason)));
                }
                list.push(']');
                self.0.value.call(MEMBER, &[amount, Arg::Json(list)])
            }
        };
        answer.map(drop)
    }

    /// The widget's own word. Where it has none its key stands in, because a report must not stand in the way of an amount
    /// (assumed: Toss documents the keys of `UPDATE_REASON`, not the values).
    fn reason(&self, reason: &UpdateReason) -> String {
        let key = match reason {
            UpdateReason::Coupon => "COUPON",
            UpdateReason::Point => "POINT",
            UpdateReason::Other(word) => return word.clone(),
        };
        self.0.value.get("UPDATE_REASON").and_then(|reasons| reasons.text(key)).unwrap_or_else(|| key.to_owned())
    }

    /// Calls `f` once, when the methods are drawn and can be used (event `ready`).
    ///
    /// # Errors
    /// Whatever the script throws; then `f` is dropped.
    pub fn on_ready(&mut self, f: impl FnOnce() + 'static) -> Result<(), WidgetError> {
        let mut once = Some(f);
        let handler = move |_| {
            if let Some(f) = once.take() {
                f();
            }
        };
        self.0.on("ready", Box::new(handler))
    }

    /// Calls `f` with the key of a method of the shop's own, when the buyer asks to pay with it (event `customRequest`).
    /// A call without a key is ignored.
    ///
    /// # Errors
    /// Whatever the script throws; then `f` is dropped.
    pub fn on_custom_request(&mut self, f: impl FnMut(String) + 'static) -> Result<(), WidgetError> {
        self.on_key("customRequest", Box::new(f))
    }

    /// As [`on_custom_request`](PaymentMethods::on_custom_request), when such a method is chosen (event
    /// `customPaymentMethodSelect`).
    ///
    /// # Errors
    /// Whatever the script throws; then `f` is dropped.
    pub fn on_custom_select(&mut self, f: impl FnMut(String) + 'static) -> Result<(), WidgetError> {
        self.on_key("customPaymentMethodSelect", Box::new(f))
    }

    /// As [`on_custom_request`](PaymentMethods::on_custom_request), when such a method is left again (event
    /// `customPaymentMethodUnselect`).
    ///
    /// # Errors
    /// Whatever the script throws; then `f` is dropped.
    pub fn on_custom_unselect(&mut self, f: impl FnMut(String) + 'static) -> Result<(), WidgetError> {
        self.on_key("customPaymentMethodUnselect", Box::new(f))
    }

    /// The method that is chosen right now (types, `getSelectedPaymentMethod`).
    ///
    /// # Errors
    /// `UnexpectedValue` if the answer has no type; whatever the script throws.
    pub fn selected(&self) -> Result<SelectedMethod, WidgetError> {
        let answer = self.0.value.call("getSelectedPaymentMethod", &[])?;
        read::selected_method(&answer).ok_or_else(|| answer.unexpected("getSelectedPaymentMethod"))
    }

    /// Keeps the callbacks for as long as the page lives, without anybody who has to hold this. For what is drawn once and
    /// never goes; what the callbacks hold is not freed.
    pub fn forget(self) {
        std::mem::forget(self);
    }

    fn on_key(&mut self, event: &'static str, mut f: Box<dyn FnMut(String)>) -> Result<(), WidgetError> {
        let handler = move |key: Value| {
            if let Some(key) = key.as_text() {
                f(key);
            }
        };
        self.0.on(event, Box::new(handler))
    }
}

/// The terms that are drawn (types, `AgreementWidget`). Keep it while the page shows them: dropping it drops the callbacks,
/// and [`forget`](Agreement::forget) keeps them for good.
pub struct Agreement(Part);

impl Agreement {
    /// Calls `f` whenever the buyer ticks or unticks something (event `change`). A call whose argument cannot be read is
    /// ignored: Toss itself refuses to pay without the required terms.
    ///
    /// # Errors
    /// Whatever the script throws; then `f` is dropped.
    pub fn on_change(&mut self, mut f: impl FnMut(AgreementStatus) + 'static) -> Result<(), WidgetError> {
        let handler = move |status: Value| {
            if let Some(status) = read::agreement_status(&status) {
                f(status);
            }
        };
        self.0.on("change", Box::new(handler))
    }

    /// What is agreed to right now (types, `getAgreementStatus`).
    ///
    /// # Errors
    /// `UnexpectedValue` if the answer does not say; whatever the script throws.
    pub fn status(&self) -> Result<AgreementStatus, WidgetError> {
        let answer = self.0.value.call("getAgreementStatus", &[])?;
        read::agreement_status(&answer).ok_or_else(|| answer.unexpected("getAgreementStatus"))
    }

    /// Keeps the callbacks for as long as the page lives; otherwise as [`PaymentMethods::forget`].
    pub fn forget(self) {
        std::mem::forget(self);
    }
}
