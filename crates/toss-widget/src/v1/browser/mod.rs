//! The widget as the script made it. Members are looked up when they are called, and every call catches, so that a script
//! without one of them is an error and not a crash.

mod from_js;
mod to_js;

use super::request::PaymentRequest;
use super::values::{AgreementStatus, PaymentResult, SelectedMethod, UpdateReason};
use super::{DEFAULT_SRC, GLOBAL};
use crate::error::WidgetError;
use crate::event::Subscription;
use crate::js::{self, Fields};
use crate::loader::{self, LoadOptions};
use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[derive(Clone)]
    type RawWidget;

    #[wasm_bindgen(method, structural, catch, js_name = renderPaymentMethods)]
    fn render_payment_methods(this: &RawWidget, selector: &str, amount: f64, options: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, structural, catch, js_name = renderAgreement)]
    fn render_agreement(this: &RawWidget, selector: &str, options: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, structural, catch, js_name = requestPayment)]
    fn request_payment(this: &RawWidget, request: &Fields) -> Result<JsValue, JsValue>;

    /// Either part of the widget: both have `on`.
    type RawPart;

    #[wasm_bindgen(method, structural, catch)]
    fn on(this: &RawPart, event: &str, callback: &Function) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, structural, catch, js_name = updateAmount)]
    fn update_amount(this: &RawPart, amount: f64) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, structural, catch, js_name = updateAmount)]
    fn update_amount_for(this: &RawPart, amount: f64, reason: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, structural, catch, js_name = getSelectedPaymentMethod)]
    fn selected(this: &RawPart) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, structural, catch, js_name = getAgreementStatus)]
    fn agreement_status(this: &RawPart) -> Result<JsValue, JsValue>;
}

#[derive(Clone)]
pub(super) struct Widget(RawWidget);
pub(super) struct Methods(Part);
pub(super) struct Agreement(Part);

/// A part and the handlers that go with it.
struct Part {
    raw: RawPart,
    subscriptions: Vec<Subscription<JsValue>>,
}

pub(super) async fn load(
    options: &LoadOptions,
    client_key: &str,
    customer_key: &str,
    brandpay_redirect_url: Option<&str>,
) -> Result<Widget, WidgetError> {
    let constructor = loader::global_function(options, DEFAULT_SRC, GLOBAL).await?;
    let (client_key, customer_key) = (client_key.into(), customer_key.into());
    // A plain function: Toss documents it without `new`.
    let widget = match brandpay_redirect_url {
        None => constructor.call2(&JsValue::UNDEFINED, &client_key, &customer_key),
        Some(url) => {
            let brandpay = Fields::new();
            brandpay.set("redirectUrl", url);
            let options = Fields::new();
            options.set("brandpay", brandpay);
            constructor.call3(&JsValue::UNDEFINED, &client_key, &customer_key, &options)
        }
    };
    let widget = widget.map_err(js::error)?;
    if !widget.is_object() {
        return Err(js::unexpected(GLOBAL, &widget));
    }
    Ok(Widget(widget.unchecked_into()))
}

impl Widget {
    pub(super) fn render_payment_methods(&self, selector: &str, amount: i64, variant_key: Option<&str>) -> Result<Methods, WidgetError> {
        let drawn = self.0.render_payment_methods(selector, number(amount), &variant(variant_key));
        Part::new("renderPaymentMethods", drawn).map(Methods)
    }

    pub(super) fn render_agreement(&self, selector: &str, variant_key: Option<&str>) -> Result<Agreement, WidgetError> {
        let drawn = self.0.render_agreement(selector, &variant(variant_key));
        Part::new("renderAgreement", drawn).map(Agreement)
    }

    pub(super) async fn request_payment(&self, request: &PaymentRequest) -> Result<Option<PaymentResult>, WidgetError> {
        let asked = self.0.request_payment(&to_js::request(request)?).map_err(js::error)?;
        // Whatever came back, also a plain value or somebody else's thenable, becomes a promise of the browser's.
        let answer = JsFuture::from(Promise::resolve(&asked)).await.map_err(js::error)?;
        if request.is_redirect() {
            return Ok(None);
        }
        from_js::payment_result(&answer)
            .filter(|result| result.order_id == request.order_id)
            .map(Some)
            .ok_or_else(|| js::unexpected("requestPayment", &answer))
    }
}

impl Methods {
    pub(super) fn update_amount(&self, amount: i64, reasons: &[UpdateReason]) -> Result<(), WidgetError> {
        let raw = &self.0.raw;
        let updated = match reasons {
            [] => raw.update_amount(number(amount)),
            [reason] => raw.update_amount_for(number(amount), &self.reason(reason)),
            several => {
                let list = Array::new();
                for reason in several {
                    list.push(&self.reason(reason));
                }
                raw.update_amount_for(number(amount), &list)
            }
        };
        updated.map(drop).map_err(js::error)
    }

    /// The widget's own word. Where it has none its key stands in, because a report must not stand in the way of an amount
    /// (assumed: Toss documents the keys of `UPDATE_REASON`, not the values).
    fn reason(&self, reason: &UpdateReason) -> JsValue {
        let key = match reason {
            UpdateReason::Coupon => "COUPON",
            UpdateReason::Point => "POINT",
            UpdateReason::Other(word) => return word.into(),
        };
        js::get(&self.0.raw, "UPDATE_REASON")
            .and_then(|reasons| js::get(&reasons, key))
            .ok()
            .filter(JsValue::is_string)
            .unwrap_or_else(|| key.into())
    }

    pub(super) fn on_ready(&mut self, mut f: Box<dyn FnMut()>) -> Result<(), WidgetError> {
        self.0.on("ready", Box::new(move |_| f()))
    }

    pub(super) fn on_key(&mut self, event: &'static str, mut f: Box<dyn FnMut(String)>) -> Result<(), WidgetError> {
        let handler = move |key: JsValue| {
            if let Some(key) = key.as_string() {
                f(key);
            }
        };
        self.0.on(event, Box::new(handler))
    }

    pub(super) fn selected(&self) -> Result<SelectedMethod, WidgetError> {
        let answer = self.0.raw.selected().map_err(js::error)?;
        from_js::selected_method(&answer).ok_or_else(|| js::unexpected("getSelectedPaymentMethod", &answer))
    }
}

impl Agreement {
    pub(super) fn on_change(&mut self, mut f: Box<dyn FnMut(AgreementStatus)>) -> Result<(), WidgetError> {
        let handler = move |status: JsValue| {
            if let Some(status) = from_js::agreement_status(&status) {
                f(status);
            }
        };
        self.0.on("change", Box::new(handler))
    }

    pub(super) fn status(&self) -> Result<AgreementStatus, WidgetError> {
        let answer = self.0.raw.agreement_status().map_err(js::error)?;
        from_js::agreement_status(&answer).ok_or_else(|| js::unexpected("getAgreementStatus", &answer))
    }
}

impl Part {
    fn new(member: &'static str, drawn: Result<JsValue, JsValue>) -> Result<Part, WidgetError> {
        let drawn = drawn.map_err(js::error)?;
        if !drawn.is_object() {
            return Err(js::unexpected(member, &drawn));
        }
        Ok(Part { raw: drawn.unchecked_into(), subscriptions: Vec::new() })
    }

    fn on(&mut self, event: &str, handler: Box<dyn FnMut(JsValue)>) -> Result<(), WidgetError> {
        let subscription = Subscription::new(handler);
        let entry = subscription.entry();
        // Held first: the script may fire before `on` returns, and that is not lost either.
        self.subscriptions.push(subscription);
        let callback = js::callback(move |argument| entry.call(argument));
        let registered = self.raw.on(event, &callback).map(drop).map_err(js::error);
        if registered.is_err() {
            self.subscriptions.pop();
        }
        registered
    }
}

/// Exact: amounts were checked to be at most 2^53 - 1.
#[expect(clippy::cast_precision_loss, reason = "checked in `args::amount`")]
fn number(amount: i64) -> f64 {
    amount as f64
}

fn variant(variant_key: Option<&str>) -> JsValue {
    match variant_key {
        None => JsValue::UNDEFINED,
        Some(key) => {
            let options = Fields::new();
            options.set("variantKey", key);
            options.into()
        }
    }
}
