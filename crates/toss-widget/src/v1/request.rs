//! What a payment is requested with. The amount is not among it: it is the one that the widget shows.

use crate::goods::{EscrowProduct, MobileCarrier, Product, Shipping};
use crate::order::Order;
use crate::setters::setters;
use std::fmt;
use toss_types::Won;

/// The argument of `requestPayment` (docs and types).
///
/// ```
/// use toss_widget::{Order, OrderId, v1::PaymentRequest};
///
/// let order = Order::new(OrderId::parse("order-000001")?, "사과 외 2건")
///     .redirect("https://shop.example/success", "https://shop.example/fail");
/// let request = PaymentRequest::new(order).app_scheme("myshop://");
/// assert!(request.validate().is_ok());
/// # Ok::<(), toss_widget::IdError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct PaymentRequest {
    /// What is paid.
    pub order: Order,
    /// Whether the phone input is shown.
    pub show_customer_mobile_phone: Option<bool>,
    /// The carriers to offer; empty for all.
    pub mobile_carrier: Vec<MobileCarrier>,
    /// `scheme://`, by which card apps come back to the merchant's app.
    pub app_scheme: Option<String>,
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
    /// Whether to show the multilingual window for cards from abroad.
    pub use_international_card_only: Option<bool>,
}

impl PaymentRequest {
    /// A request with an order and nothing else.
    #[must_use]
    pub fn new(order: Order) -> PaymentRequest {
        PaymentRequest {
            order,
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

impl From<Order> for PaymentRequest {
    fn from(order: Order) -> PaymentRequest {
        PaymentRequest::new(order)
    }
}

setters! {
    PaymentRequest {
        some show_customer_mobile_phone: bool,
        list mobile_carrier: MobileCarrier,
        text app_scheme,
        some tax_exemption_amount: Won,
        some culture_expense: bool,
        some use_escrow: bool,
        list escrow_products: EscrowProduct,
        list products: Product,
        some shipping: Shipping,
        text paypal_transaction_context,
        some use_international_card_only: bool,
    }
}

/// Where goods go, and what PayPal wants to know of the buyer, stays out of logs.
impl fmt::Debug for PaymentRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PaymentRequest").field("order", &self.order).finish_non_exhaustive()
    }
}
