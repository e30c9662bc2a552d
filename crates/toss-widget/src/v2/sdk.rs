//! The way in: one script, three kinds of payment.

use super::{BrandPay, DEFAULT_SRC, GLOBAL, Payment, Widgets};
use crate::args::{self, Customer, Limit, check};
use crate::error::WidgetError;
use crate::json::Json;
use crate::loader::{LoadOptions, global_function};
use crate::raw::{Arg, Value};
use crate::setters::opaque;

/// The SDK with a client key (docs, `TossPayments(clientKey)`). Clones are the same SDK.
#[derive(Clone)]
pub struct TossPayments(Value);

opaque!(TossPayments);

impl TossPayments {
    /// Loads the script if need be. It is shared; the SDK is new with every call.
    ///
    /// # Errors
    /// `InvalidArgument` for `client_key` (empty, or a secret key); `Blocked`, `TimedOut`, `NoGlobal`, `Cleared` while
    /// loading; whatever the script throws, such as `InvalidClientKey`. `NotInBrowser` where there is no window.
    pub async fn load(options: &LoadOptions, client_key: &str) -> Result<TossPayments, WidgetError> {
        args::client_key(client_key)?;
        let constructor = global_function(options, DEFAULT_SRC, GLOBAL).await?;
        constructor.construct(GLOBAL, &[Arg::Text(client_key)]).map(TossPayments)
    }

    /// Payment methods and terms that are drawn into the page (docs, `widgets`). Needs a `gck` key.
    ///
    /// # Errors
    /// What the script throws, such as `InvalidCustomerKey`, `InsecureKeyUsage` and `NotSupportedApiIndividualKey`.
    pub fn widgets(&self, customer: &Customer) -> Result<Widgets, WidgetError> {
        self.factory("widgets", init(customer)).map(Widgets::new)
    }

    /// As [`widgets`](TossPayments::widgets), with BrandPay among the methods (types, `WidgetInitParams.brandpay`).
    ///
    /// # Errors
    /// As [`widgets`](TossPayments::widgets), and `InvalidArgument` for a `redirect_url` that is not absolute.
    pub fn widgets_with_brandpay(&self, customer: &Customer, redirect_url: &str) -> Result<Widgets, WidgetError> {
        let mut fields = init(customer);
        let mut brandpay = Json::new();
        put_redirect(&mut brandpay, redirect_url)?;
        fields.object("brandpay", brandpay);
        self.factory("widgets", fields).map(Widgets::new)
    }

    /// Payment windows without a widget (docs, `payment`). Needs a `ck` key.
    ///
    /// # Errors
    /// What the script throws, such as `InvalidCustomerKey` and `NotSupportedWidgetKey`.
    pub fn payment(&self, customer: &Customer) -> Result<Payment, WidgetError> {
        self.factory("payment", init(customer)).map(Payment::new)
    }

    /// BrandPay, the shop's own stored methods (docs, `brandpay`). Needs a `ck` key, and a redirect address that is
    /// registered with Toss.
    ///
    /// # Errors
    /// `InvalidArgument` for a `redirect_url` that is not absolute; what the script throws, such as `NotSupportedWidgetKey`.
    pub fn brandpay(&self, customer: &Customer, redirect_url: Option<&str>) -> Result<BrandPay, WidgetError> {
        let mut fields = init(customer);
        if let Some(url) = redirect_url {
            put_redirect(&mut fields, url)?;
        }
        self.factory("brandpay", fields).map(BrandPay::new)
    }

    fn factory(&self, member: &'static str, fields: Json) -> Result<Value, WidgetError> {
        self.0.call(member, &[Arg::Json(fields.finish())])?.object(member)
    }
}

fn init(customer: &Customer) -> Json {
    let mut fields = Json::new();
    fields.text("customerKey", customer.word());
    fields
}

fn put_redirect(fields: &mut Json, url: &str) -> Result<(), WidgetError> {
    check(args::is_url(url), &Limit { field: "redirect_url", must_be: args::URL })?;
    fields.text("redirectUrl", url);
    Ok(())
}
