//! What stands behind the widget where there is no browser: nothing, as the types say.

use super::request::PaymentRequest;
use super::values::{AgreementStatus, PaymentResult, SelectedMethod, UpdateReason};
use crate::error::WidgetError;
use crate::loader::LoadOptions;
use std::convert::Infallible;

type Nothing<T> = Result<T, WidgetError>;

#[derive(Clone)]
pub(super) struct Widget(Infallible);
pub(super) struct Methods(Infallible);
pub(super) struct Agreement(Infallible);

// Async and fallible as its twin in the browser is.
pub(super) async fn load(
    _options: &LoadOptions,
    _client_key: &str,
    _customer_key: &str,
    _brandpay_redirect_url: Option<&str>,
) -> Nothing<Widget> {
    Err(WidgetError::not_in_browser())
}

impl Widget {
    pub(super) fn render_payment_methods(&self, _selector: &str, _amount: i64, _variant_key: Option<&str>) -> Nothing<Methods> {
        match self.0 {}
    }

    pub(super) fn render_agreement(&self, _selector: &str, _variant_key: Option<&str>) -> Nothing<Agreement> {
        match self.0 {}
    }

    pub(super) async fn request_payment(&self, _request: &PaymentRequest) -> Nothing<Option<PaymentResult>> {
        match self.0 {}
    }
}

impl Methods {
    pub(super) fn update_amount(&self, _amount: i64, _reasons: &[UpdateReason]) -> Nothing<()> {
        match self.0 {}
    }

    pub(super) fn on_ready(&mut self, _f: Box<dyn FnMut()>) -> Nothing<()> {
        match self.0 {}
    }

    pub(super) fn on_key(&mut self, _event: &'static str, _f: Box<dyn FnMut(String)>) -> Nothing<()> {
        match self.0 {}
    }

    pub(super) fn selected(&self) -> Nothing<SelectedMethod> {
        match self.0 {}
    }
}

impl Agreement {
    pub(super) fn on_change(&mut self, _f: Box<dyn FnMut(AgreementStatus)>) -> Nothing<()> {
        match self.0 {}
    }

    pub(super) fn status(&self) -> Nothing<AgreementStatus> {
        match self.0 {}
    }
}
