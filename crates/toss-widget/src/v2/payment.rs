//! Payment windows without a widget.

use super::billing::{self, BillingAuthRequest};
use super::options::{CardOptions, MobilePhoneOptions, TransferOptions, VirtualAccountOptions};
use super::request::{ForeignEasyPay, SandboxResult, WindowTarget};
use super::result::{self, Amount, PaymentResult, check_extra, put_extra};
use crate::args::{Checked, Limit, check};
use crate::error::WidgetError;
use crate::json::Json;
use crate::order::Order;
use crate::raw::{Arg, Value};
use crate::setters::{opaque, setters};

/// What a payment window pays with (types, `method` and the object of its name).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Method {
    /// `CARD`: cards and Korean easy payments.
    Card(CardOptions),
    /// `VIRTUAL_ACCOUNT`.
    VirtualAccount(VirtualAccountOptions),
    /// `TRANSFER`.
    Transfer(TransferOptions),
    /// `MOBILE_PHONE`.
    MobilePhone(MobilePhoneOptions),
    /// `CULTURE_GIFT_CERTIFICATE`.
    CultureGiftCertificate,
    /// `BOOK_GIFT_CERTIFICATE`.
    BookGiftCertificate,
    /// `GAME_GIFT_CERTIFICATE`.
    GameGiftCertificate,
    /// `FOREIGN_EASY_PAY`, in redirect mode only.
    ForeignEasyPay {
        /// The provider's code, such as `PAYPAL`.
        provider: String,
        /// The rest.
        options: ForeignEasyPay,
    },
}

impl Method {
    /// Its word, and the object with its options under its name.
    fn json(&self) -> (&'static str, Option<(&'static str, Json)>) {
        match self {
            Method::Card(options) => ("CARD", Some(("card", options.json()))),
            Method::VirtualAccount(options) => ("VIRTUAL_ACCOUNT", Some(("virtualAccount", options.json()))),
            Method::Transfer(options) => ("TRANSFER", Some(("transfer", options.json()))),
            Method::MobilePhone(options) => ("MOBILE_PHONE", Some(("mobilePhone", options.json()))),
            Method::CultureGiftCertificate => ("CULTURE_GIFT_CERTIFICATE", None),
            Method::BookGiftCertificate => ("BOOK_GIFT_CERTIFICATE", None),
            Method::GameGiftCertificate => ("GAME_GIFT_CERTIFICATE", None),
            Method::ForeignEasyPay { provider, options } => {
                let mut options = options.json();
                options.text("provider", provider);
                ("FOREIGN_EASY_PAY", Some(("foreignEasyPay", options)))
            }
        }
    }
}

/// The argument of `requestPayment` (types, `PaymentRequest` of each method).
///
/// ```
/// use toss_widget::{Order, OrderId, Won, v2::{CardOptions, Method, PaymentRequest}};
/// let order = Order::new(OrderId::parse("order-000001")?, "사과 외 2건");
/// let request = PaymentRequest::new(Won::of(45_000), order, Method::Card(CardOptions::new().card_installment_plan(3)));
/// assert!(request.validate().is_ok());
/// # Ok::<(), toss_widget::IdError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub struct PaymentRequest {
    /// How much.
    pub amount: Amount,
    /// What is paid.
    pub order: Order,
    /// With what.
    pub method: Method,
    /// Where the window opens; `None` leaves it to Toss.
    pub window_target: Option<WindowTarget>,
    /// How a payment with a test key ends, without a window (types, hidden; assumed: test keys only).
    pub sandbox: Option<SandboxResult>,
    /// Further fields by name, each as JSON text, such as the hidden `pendingUrl` and `subOrders`; also the object of the
    /// method, where `method` has no options.
    pub extra: Vec<(String, String)>,
}

impl PaymentRequest {
    /// A request with what every request has.
    #[must_use]
    pub fn new(amount: impl Into<Amount>, order: Order, method: Method) -> PaymentRequest {
        PaymentRequest { amount: amount.into(), order, method, window_target: None, sandbox: None, extra: Vec::new() }
    }

    /// Adds to [`extra`](field@PaymentRequest::extra): a name, and JSON text.
    #[must_use]
    pub fn extra(mut self, name: impl Into<String>, json: impl Into<String>) -> PaymentRequest {
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
        self.amount.checked()?;
        self.order.checked()?;
        match &self.method {
            Method::Card(options) => options.checked()?,
            Method::VirtualAccount(options) => options.checked()?,
            Method::Transfer(options) => options.checked()?,
            Method::ForeignEasyPay { provider, options } => {
                check(!provider.is_empty(), &Limit { field: "provider", must_be: "present" })?;
                options.checked()?;
                check(self.order.is_redirect(), &Limit { field: "success_url", must_be: "present for an overseas payment" })?;
            }
            Method::MobilePhone(_) | Method::CultureGiftCertificate | Method::BookGiftCertificate | Method::GameGiftCertificate => {}
        }
        let (_, options) = self.method.json();
        // An object without options is not written, so that all of it can be given as JSON.
        let written = options.filter(|(_, options)| !options.is_empty()).map_or("method", |(key, _)| key);
        check_extra(&self.extra, &["method", "windowTarget", "sandbox", written])
    }

    fn json(&self) -> String {
        let mut json = Json::new();
        let (word, options) = self.method.json();
        json.text("method", word);
        json.raw("amount", &self.amount.json());
        self.order.put(&mut json);
        json.some_text("windowTarget", self.window_target.map(WindowTarget::as_str));
        if let Some((key, options)) = options {
            json.some_object(key, options);
        }
        SandboxResult::put(self.sandbox, &mut json);
        put_extra(&mut json, &self.extra);
        json.finish()
    }
}

setters! {
    PaymentRequest {
        some window_target: WindowTarget,
        some sandbox: SandboxResult,
    }
}

/// Opens payment windows (types, `TossPaymentsPayment`). Nothing of it stands in the page. Clones are the same.
#[derive(Clone)]
pub struct Payment(Value);

opaque!(Payment);

impl Payment {
    pub(super) fn new(value: Value) -> Payment {
        Payment(value)
    }

    /// Opens a payment window (docs, `requestPayment`). `None` in redirect mode, in which the browser is about to leave the
    /// page; in promise mode the result, which is no payment yet: the server confirms it. Dropping the future is safe;
    /// [`destroy`](Payment::destroy) closes the window.
    ///
    /// # Errors
    /// `InvalidArgument` from [`PaymentRequest::validate`]; what the script throws or rejects with, such as `UserCancel`,
    /// `NotSupportedMethod` and `PaymentRequestAborted`; `UnexpectedValue` for a result that cannot be read, or is not of
    /// this order and amount.
    pub async fn request_payment(&self, request: &PaymentRequest) -> Result<Option<PaymentResult>, WidgetError> {
        const MEMBER: &str = "requestPayment";
        request.validate()?;
        let answer = self.0.start(MEMBER, &[Arg::Json(request.json())])?.await?;
        result::payment(&answer, MEMBER, &request.order, Some(&request.amount))
    }

    /// Opens the window in which a method is registered for automatic payments (docs, `requestBillingAuth`). Always in
    /// redirect mode: `successUrl` gets `customerKey` and `authKey`.
    ///
    /// # Errors
    /// `InvalidArgument` from [`BillingAuthRequest::validate`]; what the script throws or rejects with.
    pub async fn request_billing_auth(&self, request: &BillingAuthRequest) -> Result<(), WidgetError> {
        request.validate()?;
        self.0.start("requestBillingAuth", &[Arg::Json(billing::json(request))])?.await.map(drop)
    }

    /// Closes the window that is open; its request ends with `PaymentRequestAborted` (docs, `destroy`).
    ///
    /// # Errors
    /// What the script throws or rejects with: `NoActivePaymentRequest` if no window is open.
    pub async fn destroy(&self) -> Result<(), WidgetError> {
        self.0.start("destroy", &[])?.await.map(drop)
    }
}

#[cfg(test)]
#[path = "payment_tests.rs"]
mod tests;
