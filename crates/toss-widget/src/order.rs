//! The order that is paid: what every request of both SDKs has in common.

use crate::args::{self, Checked, Limit, check};
use crate::error::WidgetError;
use crate::goods::put_metadata;
use crate::json::Json;
use std::fmt;
use toss_types::{OrderId, Won};

/// An order to be paid, for either SDK (Toss docs /sdk/widget-js and /sdk/v2/js, `requestPayment`). Build it from
/// [`Order::new`] and set what else applies:
///
/// ```
/// use toss_widget::{Order, OrderId};
/// let order = Order {
///     success_url: Some("https://shop.example/success".to_owned()),
///     fail_url: Some("https://shop.example/fail".to_owned()),
///     ..Order::new(OrderId::parse("order-000001")?, "사과 외 2건")
/// };
/// assert!(order.validate().is_ok());
/// # Ok::<(), toss_widget::IdError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
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
    /// The two fields that every order has.
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
        Ok(self.fields().checked()?)
    }

    pub(crate) fn fields(&self) -> Fields<'_> {
        Fields {
            order_id: &self.order_id,
            order_name: &self.order_name,
            success_url: self.success_url.as_deref(),
            fail_url: self.fail_url.as_deref(),
            customer_email: self.customer_email.as_deref(),
            customer_name: self.customer_name.as_deref(),
            customer_mobile_phone: self.customer_mobile_phone.as_deref(),
            tax_free_amount: self.tax_free_amount,
            metadata: &self.metadata,
        }
    }
}

/// Names and numbers of people stay out of logs.
impl fmt::Debug for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Order").field("order_id", &self.order_id).field("order_name", &self.order_name).finish_non_exhaustive()
    }
}

/// The fields of an [`Order`], wherever they are kept: checked and written in one place.
pub(crate) struct Fields<'a> {
    pub(crate) order_id: &'a OrderId,
    pub(crate) order_name: &'a str,
    pub(crate) success_url: Option<&'a str>,
    pub(crate) fail_url: Option<&'a str>,
    pub(crate) customer_email: Option<&'a str>,
    pub(crate) customer_name: Option<&'a str>,
    pub(crate) customer_mobile_phone: Option<&'a str>,
    pub(crate) tax_free_amount: Option<Won>,
    pub(crate) metadata: &'a [(String, String)],
}

impl Fields<'_> {
    pub(crate) fn is_redirect(&self) -> bool {
        self.success_url.is_some()
    }

    pub(crate) fn checked(&self) -> Checked {
        let name = args::length(self.order_name);
        check((1..=100).contains(&name), &Limit { field: "order_name", must_be: "1 to 100 characters" })?;
        args::urls(self.success_url, self.fail_url)?;
        args::customer(self.customer_email, self.customer_name)?;
        let phone = self.customer_mobile_phone.is_none_or(args::is_phone);
        check(phone, &Limit { field: "customer_mobile_phone", must_be: args::PHONE })?;
        args::metadata(self.metadata)
    }

    pub(crate) fn put(&self, json: &mut Json) {
        json.text("orderId", self.order_id.as_str());
        json.text("orderName", self.order_name);
        json.some_text("successUrl", self.success_url);
        json.some_text("failUrl", self.fail_url);
        json.some_text("customerEmail", self.customer_email);
        json.some_text("customerName", self.customer_name);
        json.some_text("customerMobilePhone", self.customer_mobile_phone);
        json.some_won("taxFreeAmount", self.tax_free_amount);
        put_metadata(json, self.metadata);
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
        let order = Order { customer_email: Some("a@shop.example".to_owned()), ..Order::sample() };
        let printed = format!("{order:?}");
        assert!(printed.contains("order-1") && !printed.contains("a@shop"), "{printed}");
    }

    #[test]
    fn what_is_not_set_is_left_out() {
        let mut json = Json::new();
        Order { order_name: "사과 \"한\" 개".to_owned(), ..Order::sample() }.fields().put(&mut json);
        assert_eq!(json.finish(), r#"{"orderId":"order-1","orderName":"사과 \"한\" 개"}"#);
    }
}
