//! A payment that is made without a browser.

use serde::Serialize;

use crate::{
    money::{Currency, Money},
    order::Method,
};

/// A payment to be made without a browser.
///
/// ```
/// use toss_sandbox::{Config, Method, NewPayment, Sandbox};
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sandbox = Sandbox::start(Config::default()).await?;
/// let new = NewPayment {
///     method: Method::Transfer,
///     success_url: Some("http://127.0.0.1:3000/success".to_owned()),
///     fail_url: Some("http://127.0.0.1:3000/fail".to_owned()),
///     ..NewPayment::new("order-0001", "책", 12_000)
/// };
/// let open = sandbox.control().open(new)?;
/// let back = sandbox.control().approve(&open.payment_key)?;
/// assert!(back.is_some_and(|url| url.starts_with("http://127.0.0.1:3000/success?paymentType=NORMAL&orderId=order-0001")));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewPayment {
    /// 6 to 64 characters of `A-Za-z0-9-_=`.
    pub order_id: String,
    /// 1 to 100 characters.
    pub order_name: String,
    /// In the smallest unit of the currency, won or US cents; above 0.
    pub amount: i64,
    /// PayPal is paid in USD, everything else in KRW.
    pub currency: Currency,
    /// How it is paid; by card if not said.
    pub method: Method,
    /// Where the window would lead after success; with `fail_url` or not at all.
    pub success_url: Option<String>,
    /// Where the window would lead after a failure.
    pub fail_url: Option<String>,
    /// Refuse the confirm with this code, once the payment is authenticated.
    pub decline_at_confirm: Option<String>,
    /// Whose payment it is, by the client key; the configured pair's if not said.
    pub client_key: Option<String>,
    /// Whether the shopper has authenticated already. [`Control::authenticate`](super::Control::authenticate) and [`Control::open`](super::Control::open) say so by name;
    /// over HTTP it is true if not said.
    pub authenticated: bool,
}

impl NewPayment {
    /// A card payment in KRW without redirect, authenticated.
    pub fn new(order_id: impl Into<String>, order_name: impl Into<String>, amount: i64) -> Self {
        Self {
            order_id: order_id.into(),
            order_name: order_name.into(),
            amount,
            currency: Currency::Krw,
            method: Method::Card,
            success_url: None,
            fail_url: None,
            decline_at_confirm: None,
            client_key: None,
            authenticated: true,
        }
    }
}

/// A payment that was made without a browser.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Authenticated {
    /// What `paymentKey` of the success URL would be.
    pub payment_key: String,
    /// The order.
    pub order_id: String,
    /// How much.
    pub amount: Money,
}
