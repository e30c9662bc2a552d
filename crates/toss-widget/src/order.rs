//! The order that is paid: what every request of both SDKs has in common.

use crate::args::{self, Checked, Limit, check};
use crate::error::WidgetError;
use crate::goods::put_metadata;
use crate::json::Json;
use crate::setters::setters;
use std::fmt;
use toss_types::{OrderId, Won};

/// An order to be paid, for either SDK (Toss docs /sdk/widget-js and /sdk/v2/js, `requestPayment`).
///
/// ```
/// use toss_widget::{Order, OrderId};
///
/// let order = Order::new(OrderId::parse("order-000001")?, "사과 외 2건")
///     .redirect("https://shop.example/success", "https://shop.example/fail")
///     .customer_name("김토스")
///     .metadata("cart", "c-17");
/// assert!(order.validate().is_ok() && order.is_redirect());
/// # Ok::<(), toss_widget::IdError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Order {
    /// The shop's order number, unique per attempt.
    pub order_id: OrderId,
    /// What is bought: 1 to 100 characters.
    pub order_name: String,
    /// Where the browser goes after the buyer has authenticated. With both addresses a payment is in redirect mode, with
    /// neither in promise mode, which Toss supports on desktops only. Absolute.
    pub success_url: Option<String>,
    /// Where the browser goes when that failed or was cancelled. Absolute.
    pub fail_url: Option<String>,
    /// At most 100 characters; Toss sends notices there.
    pub customer_email: Option<String>,
    /// At most 100 characters.
    pub customer_name: Option<String>,
    /// 8 to 15 digits, for the text message of a virtual account.
    pub customer_mobile_phone: Option<String>,
    /// The tax-free part.
    pub tax_free_amount: Option<Won>,
    /// At most 5 pairs: keys of 1 to 40 characters without `[` and `]`, each once; values of at most 2000.
    pub metadata: Vec<(String, String)>,
}

impl Order {
    /// What every order has. It is in promise mode until [`redirect`](Order::redirect) says otherwise.
    #[must_use]
    pub fn new(order_id: OrderId, order_name: impl Into<String>) -> Order {
        Order {
            order_id,
            order_name: order_name.into(),
            success_url: None,
            fail_url: None,
            customer_email: None,
            customer_name: None,
            customer_mobile_phone: None,
            tax_free_amount: None,
            metadata: Vec::new(),
        }
    }

    /// Redirect mode: sets [`success_url`](field@Order::success_url) and [`fail_url`](field@Order::fail_url).
    #[must_use]
    pub fn redirect(mut self, success_url: impl Into<String>, fail_url: impl Into<String>) -> Order {
        self.success_url = Some(success_url.into());
        self.fail_url = Some(fail_url.into());
        self
    }

    /// Adds a pair to [`metadata`](field@Order::metadata).
    #[must_use]
    pub fn metadata(mut self, key: impl Into<String>, value: impl Into<String>) -> Order {
        self.metadata.push((key.into(), value.into()));
        self
    }

    /// Whether the browser leaves the page for `success_url` or `fail_url`.
    #[must_use]
    pub fn is_redirect(&self) -> bool {
        self.success_url.is_some()
    }

    /// Checks every field against the limits that Toss documents.
    ///
    /// # Errors
    /// `InvalidArgument`, which names the first field that fails and its limit.
    pub fn validate(&self) -> Result<(), WidgetError> {
        Ok(self.checked()?)
    }

    pub(crate) fn checked(&self) -> Checked {
        let name = args::length(&self.order_name);
        check((1..=100).contains(&name), &Limit { field: "order_name", must_be: "1 to 100 characters" })?;
        args::urls(self.success_url.as_deref(), self.fail_url.as_deref())?;
        args::customer(self.customer_email.as_deref(), self.customer_name.as_deref())?;
        let phone = self.customer_mobile_phone.as_deref().is_none_or(args::is_phone);
        check(phone, &Limit { field: "customer_mobile_phone", must_be: args::PHONE })?;
        args::metadata(&self.metadata)
    }

    pub(crate) fn put(&self, json: &mut Json) {
        json.text("orderId", self.order_id.as_str());
        json.text("orderName", &self.order_name);
        json.some_text("successUrl", self.success_url.as_deref());
        json.some_text("failUrl", self.fail_url.as_deref());
        json.some_text("customerEmail", self.customer_email.as_deref());
        json.some_text("customerName", self.customer_name.as_deref());
        json.some_text("customerMobilePhone", self.customer_mobile_phone.as_deref());
        json.some_won("taxFreeAmount", self.tax_free_amount);
        put_metadata(json, &self.metadata);
    }
}

setters! {
    Order {
        text customer_email,
        text customer_name,
        text customer_mobile_phone,
        some tax_free_amount: Won,
    }
}

/// Names and numbers of people stay out of logs.
impl fmt::Debug for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Order").field("order_id", &self.order_id).field("order_name", &self.order_name).finish_non_exhaustive()
    }
}

#[cfg(test)]
impl Order {
    /// An order of an apple.
    pub(crate) fn sample() -> Order {
        Order::new(OrderId::parse("order-1").expect("allowed"), "사과")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_not_printed() {
        let printed = format!("{:?}", Order::sample().customer_email("a@shop.example"));
        assert!(printed.contains("order-1") && !printed.contains("a@shop"), "{printed}");
    }

    #[test]
    fn what_is_not_set_is_left_out() {
        let mut json = Json::new();
        Order { order_name: "사과 \"한\" 개".to_owned(), ..Order::sample() }.put(&mut json);
        assert_eq!(json.finish(), r#"{"orderId":"order-1","orderName":"사과 \"한\" 개"}"#);
    }

    #[test]
    fn each_method_sets_its_field() {
        let built = Order::sample()
            .redirect("https://shop.example/s", "https://shop.example/f")
            .customer_email("e")
            .customer_name("n")
            .customer_mobile_phone("01012341234")
            .tax_free_amount(Won::of(1))
            .metadata("k", "1")
            .metadata("l", "2");
        let text = |text: &str| Some(text.to_owned());
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        let written = Order {
            success_url: text("https://shop.example/s"),
            fail_url: text("https://shop.example/f"),
            customer_email: text("e"),
            customer_name: text("n"),
            customer_mobile_phone: text("01012341234"),
            tax_free_amount: Some(Won::of(1)),
            metadata: vec![pair("k", "1"), pair("l", "2")],
            ..Order::sample()
        };
        assert!(built == written && built.validate().is_ok());
    }
}
