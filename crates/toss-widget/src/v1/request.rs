//! What a payment is requested with. The amount is not among it: it is the one that the widget shows.

use crate::goods::{EscrowProduct, MobileCarrier, Product, Shipping};
use crate::order::{Fields, Order};
use std::fmt;
use toss_types::{OrderId, Won};

/// The argument of `requestPayment` (docs and types). Build it from [`PaymentRequest::new`] and set what else applies:
///
/// ```
/// use toss_widget::{OrderId, PaymentRequest};
/// let request = PaymentRequest {
///     success_url: Some("https://shop.example/success".to_owned()),
///     fail_url: Some("https://shop.example/fail".to_owned()),
///     ..PaymentRequest::new(OrderId::parse("order-000001")?, "사과 외 2건")
/// };
/// assert!(request.validate().is_ok());
/// # Ok::<(), toss_widget::IdError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PaymentRequest {
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
    /// Whether the phone input is shown.
    pub show_customer_mobile_phone: Option<bool>,
    /// The carriers to offer; empty for all.
    pub mobile_carrier: Vec<MobileCarrier>,
    /// `scheme://`, by which card apps come back to the merchant's app.
    pub app_scheme: Option<String>,
    /// The tax-free part.
    pub tax_free_amount: Option<Won>,
    /// The part that is excluded from tax.
    pub tax_exemption_amount: Option<Won>,
    /// Whether it counts as cultural expense (transfer and virtual account).
    pub culture_expense: Option<bool>,
    /// Whether to pay through escrow.
    pub use_escrow: Option<bool>,
    /// The goods, for escrow.
    pub escrow_products: Vec<EscrowProduct>,
    /// The goods, for overseas payments.
    pub products: Vec<Product>,
    /// The recipient, for overseas payments.
    pub shipping: Option<Shipping>,
    /// Risk data for PayPal as JSON text: `paymentMethodOptions.paypal.setTransactionContext`.
    pub paypal_transaction_context: Option<String>,
    /// At most 5 pairs: keys of 1 to 40 characters without `[` and `]`, each once; values of at most 2000.
    pub metadata: Vec<(String, String)>,
    /// Whether to show the multilingual window for cards from abroad.
    pub use_international_card_only: Option<bool>,
}

impl PaymentRequest {
    /// The two fields that every payment has.
    #[must_use]
    pub fn new(order_id: OrderId, order_name: impl Into<String>) -> PaymentRequest {
        PaymentRequest::from(Order::new(order_id, order_name))
    }

    /// Whether the browser leaves the page for `success_url` or `fail_url`.
    #[must_use]
    pub fn is_redirect(&self) -> bool {
        self.success_url.is_some()
    }

    pub(super) fn fields(&self) -> Fields<'_> {
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

impl From<Order> for PaymentRequest {
    fn from(order: Order) -> PaymentRequest {
        PaymentRequest {
            order_id: order.order_id,
            order_name: order.order_name,
            success_url: order.success_url,
            fail_url: order.fail_url,
            customer_email: order.customer_email,
            customer_name: order.customer_name,
            customer_mobile_phone: order.customer_mobile_phone,
            tax_free_amount: order.tax_free_amount,
            metadata: order.metadata,
            show_customer_mobile_phone: None,
            mobile_carrier: Vec::new(),
            app_scheme: None,
            tax_exemption_amount: None,
            culture_expense: None,
            use_escrow: None,
            escrow_products: Vec::new(),
            products: Vec::new(),
            shipping: None,
            paypal_transaction_context: None,
            use_international_card_only: None,
        }
    }
}

/// Names and numbers of people stay out of logs.
impl fmt::Debug for PaymentRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PaymentRequest").field("order_id", &self.order_id).field("order_name", &self.order_name).finish_non_exhaustive()
    }
}
