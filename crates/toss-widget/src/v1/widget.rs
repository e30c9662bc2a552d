//! The widget and its two parts. Arguments are checked here, for every target alike; what is behind is the browser's, or
//! on a server nothing.

use super::backend;
use super::request::PaymentRequest;
use super::values::{AgreementStatus, PaymentResult, SelectedMethod, UpdateReason};
use crate::args::{self, CustomerKey, Limit, check};
use crate::error::WidgetError;
use crate::loader::LoadOptions;

/// Loads the script if need be, and makes a widget (docs, `PaymentWidget(clientKey, customerKey)`). The script is shared,
/// the widget is new with every call.
///
/// # Errors
/// `InvalidArgument` for `client_key` (empty, or a secret key) and `customer_key`; `Blocked`, `TimedOut`, `NoGlobal`,
/// `Cleared` while loading; whatever the script throws. `NotInBrowser` where there is no window.
pub async fn load_payment_widget(
    options: &LoadOptions,
    client_key: &str,
    customer_key: &CustomerKey,
) -> Result<PaymentWidget, WidgetError> {
    args::client_key(client_key)?;
    let customer_key = customer_key.checked()?;
    backend::load(options, client_key, customer_key, None).await.map(PaymentWidget)
}

/// As [`load_payment_widget`], for a widget that has BrandPay in it (docs, `options.brandpay.redirectUrl`).
///
/// # Errors
/// As [`load_payment_widget`], and `InvalidArgument` for a `redirect_url` that is not absolute.
pub async fn load_payment_widget_with_brandpay(
    options: &LoadOptions,
    client_key: &str,
    customer_key: &CustomerKey,
    redirect_url: &str,
) -> Result<PaymentWidget, WidgetError> {
    args::client_key(client_key)?;
    check(args::is_url(redirect_url), &Limit { field: "redirect_url", must_be: args::URL })?;
    let customer_key = customer_key.checked()?;
    backend::load(options, client_key, customer_key, Some(redirect_url)).await.map(PaymentWidget)
}

/// A payment widget (types, `PaymentWidgetInstance`). Clones are the same widget.
#[derive(Clone)]
pub struct PaymentWidget(backend::Widget);

impl PaymentWidget {
    /// Starts to draw the payment methods into the element that `selector` matches, which has to exist already. They are
    /// drawn when [`PaymentMethods::on_ready`] says so. The amount is in KRW.
    ///
    /// Draw once: another amount is for [`PaymentMethods::update_amount`].
    ///
    /// # Errors
    /// `InvalidArgument` for `selector` (empty) and `amount` (negative or above 2^53 - 1); whatever the script throws.
    pub fn render_payment_methods(&self, selector: &str, amount: i64, variant_key: Option<&str>) -> Result<PaymentMethods, WidgetError> {
        args::selector(selector)?;
        args::amount(amount)?;
        self.0.render_payment_methods(selector, amount, variant_key).map(PaymentMethods)
    }

    /// Starts to draw the terms into the element that `selector` matches, which has to exist already.
    ///
    /// # Errors
    /// `InvalidArgument` for an empty `selector`; whatever the script throws.
    pub fn render_agreement(&self, selector: &str, variant_key: Option<&str>) -> Result<Agreement, WidgetError> {
        args::selector(selector)?;
        self.0.render_agreement(selector, variant_key).map(Agreement)
    }

    /// Opens the payment window for the amount that the widget shows.
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
        self.0.request_payment(request).await
    }
}

/// The payment methods that are drawn (types, `PaymentMethodsWidget`). Keep it while the page shows them: dropping it drops
/// the callbacks. What is drawn stays, since v1 has no way to remove it.
pub struct PaymentMethods(backend::Methods);

impl PaymentMethods {
    /// Shows another amount, KRW, without drawing anew.
    ///
    /// # Errors
    /// `InvalidArgument` for `amount`; whatever the script throws, after which the widget may show either amount.
    pub fn update_amount(&self, amount: i64, reason: Option<UpdateReason>) -> Result<(), WidgetError> {
        self.update_amount_for(amount, reason.as_slice())
    }

    /// As [`update_amount`](PaymentMethods::update_amount), for any number of reasons at once.
    ///
    /// # Errors
    /// As [`update_amount`](PaymentMethods::update_amount).
    pub fn update_amount_for(&self, amount: i64, reasons: &[UpdateReason]) -> Result<(), WidgetError> {
        args::amount(amount)?;
        self.0.update_amount(amount, reasons)
    }

    /// Calls `f` once, when the methods are drawn and can be used (event `ready`).
    ///
    /// # Errors
    /// Whatever the script throws; then `f` is dropped.
    pub fn on_ready(&mut self, f: impl FnOnce() + 'static) -> Result<(), WidgetError> {
        let mut once = Some(f);
        self.0.on_ready(Box::new(move || {
            if let Some(f) = once.take() {
                f();
            }
        }))
    }

    /// Calls `f` with the key of a method of the shop's own, when the buyer asks to pay with it (event `customRequest`).
    /// A call without a key is ignored.
    ///
    /// # Errors
    /// Whatever the script throws; then `f` is dropped.
    pub fn on_custom_request(&mut self, f: impl FnMut(String) + 'static) -> Result<(), WidgetError> {
        self.0.on_key("customRequest", Box::new(f))
    }

    /// As [`on_custom_request`](PaymentMethods::on_custom_request), when such a method is chosen (event
    /// `customPaymentMethodSelect`).
    ///
    /// # Errors
    /// Whatever the script throws; then `f` is dropped.
    pub fn on_custom_select(&mut self, f: impl FnMut(String) + 'static) -> Result<(), WidgetError> {
        self.0.on_key("customPaymentMethodSelect", Box::new(f))
    }

    /// As [`on_custom_request`](PaymentMethods::on_custom_request), when such a method is left again (event
    /// `customPaymentMethodUnselect`).
    ///
    /// # Errors
    /// Whatever the script throws; then `f` is dropped.
    pub fn on_custom_unselect(&mut self, f: impl FnMut(String) + 'static) -> Result<(), WidgetError> {
        self.0.on_key("customPaymentMethodUnselect", Box::new(f))
    }

    /// The method that is chosen right now.
    ///
    /// # Errors
    /// `UnexpectedValue` if the answer has no type; whatever the script throws.
    pub fn selected(&self) -> Result<SelectedMethod, WidgetError> {
        self.0.selected()
    }
}

/// The terms that are drawn (types, `AgreementWidget`). Keep it while the page shows them: dropping it drops the callbacks.
pub struct Agreement(backend::Agreement);

impl Agreement {
    /// Calls `f` whenever the buyer ticks or unticks something (event `change`). A call whose argument cannot be read is
    /// ignored: Toss itself refuses to pay without the required terms.
    ///
    /// # Errors
    /// Whatever the script throws; then `f` is dropped.
    pub fn on_change(&mut self, f: impl FnMut(AgreementStatus) + 'static) -> Result<(), WidgetError> {
        self.0.on_change(Box::new(f))
    }

    /// What is agreed to right now.
    ///
    /// # Errors
    /// `UnexpectedValue` if the answer does not say; whatever the script throws.
    pub fn status(&self) -> Result<AgreementStatus, WidgetError> {
        self.0.status()
    }
}
