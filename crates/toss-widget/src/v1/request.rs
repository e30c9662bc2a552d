//! What a payment is requested with. The amount is not among it: it is the one that the widget shows.

use std::fmt;

/// The argument of `requestPayment` (docs and types). Build it from [`PaymentRequest::new`] and set what else applies:
///
/// ```
/// use toss_widget::PaymentRequest;
/// let request = PaymentRequest {
///     success_url: Some("https://shop.example/success".to_owned()),
///     fail_url: Some("https://shop.example/fail".to_owned()),
///     ..PaymentRequest::new("order-000001", "사과 외 2건")
/// };
/// assert!(request.validate().is_ok());
/// ```
#[derive(Clone, PartialEq, Eq, Default)]
pub struct PaymentRequest {
    /// The shop's order number, unique per attempt: 6 to 64 characters of `A-Z a-z 0-9 - _ =`. Toss's API pages leave out
    /// the `=`, so an order number is best made without it.
    pub order_id: String,
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
    /// The tax-free part, KRW.
    pub tax_free_amount: Option<i64>,
    /// The part that is excluded from tax, KRW.
    pub tax_exemption_amount: Option<i64>,
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
    pub fn new(order_id: impl Into<String>, order_name: impl Into<String>) -> PaymentRequest {
        PaymentRequest { order_id: order_id.into(), order_name: order_name.into(), ..PaymentRequest::default() }
    }

    /// Whether the browser leaves the page for `success_url` or `fail_url`.
    #[must_use]
    pub fn is_redirect(&self) -> bool {
        self.success_url.is_some()
    }
}

/// Names and numbers of people stay out of logs.
impl fmt::Debug for PaymentRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PaymentRequest").field("order_id", &self.order_id).field("order_name", &self.order_name).finish_non_exhaustive()
    }
}

/// A mobile carrier (types, `mobileCarrier`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MobileCarrier {
    /// KT.
    Kt,
    /// LG U+.
    Lgu,
    /// SK Telecom.
    Skt,
    /// Hello Mobile.
    Hello,
    /// KCT.
    Kct,
    /// SK 7mobile.
    Sk7,
}

impl MobileCarrier {
    /// The word as Toss writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            MobileCarrier::Kt => "KT",
            MobileCarrier::Lgu => "LGU",
            MobileCarrier::Skt => "SKT",
            MobileCarrier::Hello => "HELLO",
            MobileCarrier::Kct => "KCT",
            MobileCarrier::Sk7 => "SK7",
        }
    }
}

/// Goods paid for through escrow (types, `escrowProducts`); all fields are required.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EscrowProduct {
    /// The shop's identifier of the line.
    pub id: String,
    /// The shop's code of the article.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The price of one, KRW.
    pub unit_price: i64,
    /// How many.
    pub quantity: u32,
}

/// Goods paid for from abroad (types, `products`).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Product {
    /// Its name.
    pub name: String,
    /// How many.
    pub quantity: u32,
    /// The price of one, in `currency`.
    pub unit_amount: UnitAmount,
    /// ISO 4217, such as `USD`.
    pub currency: String,
    /// What it is.
    pub description: String,
}

/// An exact decimal amount of a foreign currency: 12.34 is `UnitAmount { minor: 1234, decimals: 2 }`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UnitAmount {
    /// The amount in the smallest unit, not negative.
    pub minor: i64,
    /// How many of its digits stand behind the point, at most 4.
    pub decimals: u8,
}

/// The recipient of an overseas payment (types, `shipping`).
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Shipping {
    /// Who receives it.
    pub full_name: Option<String>,
    /// Where.
    pub address: Option<Address>,
}

/// An address (types, `shipping.address`).
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Address {
    /// ISO 3166-1 alpha-2, required.
    pub country: String,
    /// Street and number.
    pub line1: Option<String>,
    /// The rest of it.
    pub line2: Option<String>,
    /// State or province.
    pub area1: Option<String>,
    /// City, required.
    pub area2: String,
    /// Postal code.
    pub postal_code: Option<String>,
}

impl fmt::Debug for Shipping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shipping").finish_non_exhaustive()
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address").field("country", &self.country).finish_non_exhaustive()
    }
}
