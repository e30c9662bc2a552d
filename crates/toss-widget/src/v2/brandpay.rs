//! BrandPay, the shop's own stored methods: thin access, since a contract of its own stands behind it.

use super::result::{self, Amount, PaymentResult, check_extra, put_extra};
use crate::args::{Checked, Limit, check};
use crate::error::WidgetError;
use crate::json::Json;
use crate::order::Order;
use crate::raw::{Arg, Value};
use crate::setters::{opaque, setters};
use toss_types::Won;

/// The argument of BrandPay's `requestPayment` (types, `BrandpayPaymentRequest`).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub struct BrandPayRequest {
    /// How much.
    pub amount: Won,
    /// What is paid. BrandPay takes no phone number: it has to be `None`.
    pub order: Order,
    /// The stored method to pay with at once.
    pub method_id: Option<String>,
    /// Further fields by name, each as JSON text, such as `card` and `transfer`.
    pub extra: Vec<(String, String)>,
}

impl BrandPayRequest {
    /// A request with what every request has.
    #[must_use]
    pub fn new(amount: Won, order: Order) -> BrandPayRequest {
        BrandPayRequest { amount, order, method_id: None, extra: Vec::new() }
    }

    /// Adds to [`extra`](field@BrandPayRequest::extra): a name, and JSON text.
    #[must_use]
    pub fn extra(mut self, name: impl Into<String>, json: impl Into<String>) -> BrandPayRequest {
        self.extra.push((name.into(), json.into()));
        self
    }

    /// Checks every field against the limits that Toss documents.
    ///
    /// # Errors
    /// `InvalidArgument`, which names the first field that fails and its limit. What has to be JSON is checked in a browser
    /// only.
    pub fn validate(&self) -> Result<(), WidgetError> {
        Ok(self.checked()?)
    }

    fn checked(&self) -> Checked {
        self.order.checked()?;
        let phone = self.order.customer_mobile_phone.is_none();
        check(phone, &Limit { field: "customer_mobile_phone", must_be: "absent for BrandPay" })?;
        check_extra(&self.extra, &["methodId"])
    }

    fn json(&self) -> Result<String, WidgetError> {
        self.checked()?;
        let mut json = Json::new();
        json.raw("amount", &Amount::Won(self.amount).json());
        self.order.put(&mut json);
        json.some_text("methodId", self.method_id.as_deref());
        put_extra(&mut json, &self.extra);
        Ok(json.finish())
    }
}

setters! {
    BrandPayRequest {
        text method_id,
    }
}

/// BrandPay (types, `TossPaymentsBrandpay`). Every method opens a window of Toss's, and rejects with `UserCancel` when the
/// buyer closes it, or with `NotRegisteredRedirectUrl`. Clones are the same.
#[derive(Clone)]
pub struct BrandPay(Value);

opaque!(BrandPay);

impl BrandPay {
    pub(super) fn new(value: Value) -> BrandPay {
        BrandPay(value)
    }

    /// Pays (docs, `requestPayment`). `None` in redirect mode.
    ///
    /// # Errors
    /// `InvalidArgument` for the order and `extra`; what the script throws or rejects with; `UnexpectedValue` for a result
    /// that cannot be read, or is not of this order and amount.
    pub async fn request_payment(&self, request: &BrandPayRequest) -> Result<Option<PaymentResult>, WidgetError> {
        const MEMBER: &str = "requestPayment";
        let answer = self.0.start(MEMBER, &[Arg::Json(request.json()?)])?.await?;
        result::payment(&answer, MEMBER, &request.order, Some(&Amount::Won(request.amount)))
    }

    /// Stores another method (docs, `addPaymentMethod`).
    ///
    /// # Errors
    /// What the script throws or rejects with.
    pub async fn add_payment_method(&self) -> Result<(), WidgetError> {
        self.open("addPaymentMethod").await.map(drop)
    }

    /// Changes the password (docs, `changePassword`).
    ///
    /// # Errors
    /// What the script throws or rejects with.
    pub async fn change_password(&self) -> Result<(), WidgetError> {
        self.open("changePassword").await.map(drop)
    }

    /// Shows the settings (docs, `openSettings`).
    ///
    /// # Errors
    /// What the script throws or rejects with.
    pub async fn open_settings(&self) -> Result<(), WidgetError> {
        self.open("openSettings").await.map(drop)
    }

    /// Changes whether one touch pays (docs, `changeOneTouchPay`).
    ///
    /// # Errors
    /// What the script throws or rejects with, such as `NeedMerchantOneTouchSetting`.
    pub async fn change_one_touch_pay(&self) -> Result<(), WidgetError> {
        self.open("changeOneTouchPay").await.map(drop)
    }

    /// Whether one touch pays (docs, `isOneTouchPayEnabled`).
    ///
    /// # Errors
    /// What the script throws or rejects with, such as `NeedAgreementWithTerms`; `UnexpectedValue` if it does not say.
    pub async fn is_one_touch_pay_enabled(&self) -> Result<bool, WidgetError> {
        const MEMBER: &str = "isOneTouchPayEnabled";
        let answer = self.open(MEMBER).await?;
        answer.flag("isEnabled").ok_or_else(|| answer.unexpected(MEMBER))
    }

    /// Agrees to automatic payments (docs, `requestBillingAuth`).
    ///
    /// # Errors
    /// What the script throws or rejects with.
    pub async fn request_billing_auth(&self) -> Result<(), WidgetError> {
        self.open("requestBillingAuth").await.map(drop)
    }

    async fn open(&self, member: &'static str) -> Result<Value, WidgetError> {
        self.0.start(member, &[])?.await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorCode;

    fn request(change: impl FnOnce(&mut BrandPayRequest)) -> BrandPayRequest {
        let mut request = BrandPayRequest::new(Won::of(45_000), Order::sample());
        change(&mut request);
        request
    }

    #[test]
    fn each_broken_field_is_named() {
        let extra = |name: &str| vec![(name.to_owned(), "{}".to_owned())];
        assert_eq!(request(|request| request.extra = extra("card")).validate(), Ok(()));
        for (request, named) in [
            (request(|request| request.order.order_name.clear()), "order_name"),
            (request(|request| request.order.customer_mobile_phone = Some("01012341234".to_owned())), "customer_mobile_phone"),
            (request(|request| request.extra = extra("methodId")), "extra"),
            (request(|request| request.extra = extra("customerMobilePhone")), "extra"),
        ] {
            let error = request.validate().expect_err(named);
            assert!(matches!(error.code, ErrorCode::InvalidArgument { field, .. } if field == named), "{error}");
        }
    }
}
