//! What is bought and where it goes: the parts of a request that both SDKs have in common. "types" is the npm package of
//! either SDK's types.

use crate::args::{self, Checked, Limit, check};
use crate::json::{Json, digits, quoted};
use crate::setters::{empty_new, setters};
use crate::won;
use crate::words::taken_words;
use std::fmt;
use std::hash::{Hash, Hasher};
use toss_types::Won;

taken_words! {
    /// A mobile carrier (types, `mobileCarrier`).
    MobileCarrier {
        /// KT.
        Kt = "KT",
        /// LG U+.
        Lgu = "LGU",
        /// SK Telecom.
        Skt = "SKT",
        /// Hello Mobile.
        Hello = "HELLO",
        /// KCT.
        Kct = "KCT",
        /// SK 7mobile.
        Sk7 = "SK7",
    }
}

/// Goods paid for through escrow (types, `escrowProducts`).
///
/// ```
/// use toss_widget::{Won, goods::EscrowProduct};
///
/// let apples = EscrowProduct::new("line-1", "APPLE-5KG", "사과 5kg", Won::of(25_000), 2);
/// assert_eq!(apples.code, "APPLE-5KG");
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub struct EscrowProduct {
    /// The shop's identifier of the line.
    pub id: String,
    /// The shop's code of the article.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The price of one.
    pub unit_price: Won,
    /// How many.
    pub quantity: u32,
}

/// Goods paid for from abroad (types, `products`).
///
/// ```
/// use toss_widget::goods::{Product, UnitAmount};
///
/// let apples = Product::new("Apples", 2, UnitAmount::new(1_234, 2), "USD", "A box of 5 kg");
/// assert_eq!(apples.currency, "USD");
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
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

/// An exact decimal amount of a foreign currency (types, `unitAmount`, a number there). Amounts are compared by value.
///
/// ```
/// use toss_widget::goods::UnitAmount;
///
/// // 12.34, and the same 12 twice
/// assert_eq!(UnitAmount::new(1_234, 2).minor, 1_234);
/// assert_eq!(UnitAmount::new(1_200, 2), UnitAmount::new(12, 0));
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct UnitAmount {
    /// The amount in the smallest unit, not negative.
    pub minor: i64,
    /// How many of its digits stand behind the point, at most 4.
    pub decimals: u8,
}

/// The recipient of an overseas payment (types, `shipping`).
///
/// ```
/// use toss_widget::goods::{Address, Shipping};
///
/// let recipient = Shipping::new().full_name("Kim Toss").address(Address::new("US", "Los Angeles").area1("CA").postal_code("90001"));
/// assert!(recipient.address.is_some());
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct Shipping {
    /// Who receives it.
    pub full_name: Option<String>,
    /// Where.
    pub address: Option<Address>,
}

/// An address (types, `shipping.address`).
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
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

empty_new!(Shipping);

setters! {
    Shipping {
        text full_name,
        some address: Address,
    }
}

impl Address {
    /// Country and city ([`area2`](field@Address::area2)), which Toss requires.
    #[must_use]
    pub fn new(country: impl Into<String>, area2: impl Into<String>) -> Address {
        Address { country: country.into(), line1: None, line2: None, area1: None, area2: area2.into(), postal_code: None }
    }
}

setters! {
    Address {
        text line1,
        text line2,
        text area1,
        text postal_code,
    }
}

/// Names and places of people stay out of logs.
impl fmt::Debug for Shipping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shipping").finish_non_exhaustive()
    }
}

/// As [`Shipping`].
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address").field("country", &self.country).finish_non_exhaustive()
    }
}

impl EscrowProduct {
    /// All fields, in their order; each is required.
    #[must_use]
    pub fn new(id: impl Into<String>, code: impl Into<String>, name: impl Into<String>, unit_price: Won, quantity: u32) -> EscrowProduct {
        EscrowProduct { id: id.into(), code: code.into(), name: name.into(), unit_price, quantity }
    }

    fn json(&self) -> String {
        let mut json = Json::new();
        json.text("id", &self.id);
        json.text("code", &self.code);
        json.text("name", &self.name);
        json.won("unitPrice", self.unit_price);
        json.number("quantity", self.quantity);
        json.finish()
    }
}

impl Product {
    /// All fields, in their order; each is required.
    #[must_use]
    pub fn new(
        name: impl Into<String>,
        quantity: u32,
        unit_amount: UnitAmount,
        currency: impl Into<String>,
        description: impl Into<String>,
    ) -> Product {
        Product { name: name.into(), quantity, unit_amount, currency: currency.into(), description: description.into() }
    }

    fn json(&self) -> String {
        let mut json = Json::new();
        json.text("name", &self.name);
        json.number("quantity", self.quantity);
        json.raw("unitAmount", &self.unit_amount.json());
        json.text("currency", &self.currency);
        json.text("description", &self.description);
        json.finish()
    }
}

impl UnitAmount {
    /// So many of the smallest unit, of which `decimals` digits stand behind the point. Held against its limits where it is
    /// used.
    #[must_use]
    pub const fn new(minor: i64, decimals: u8) -> UnitAmount {
        UnitAmount { minor, decimals }
    }

    pub(crate) const LIMIT: &str = "0 to 9007199254740991 with at most 4 decimals";

    pub(crate) fn is_fit(self) -> bool {
        Won::new(self.minor).is_ok() && self.decimals <= 4
    }

    /// As a decimal, which JavaScript reads as its nearest number.
    pub(crate) fn json(self) -> String {
        let (minor, places) = (self.minor.unsigned_abs(), 10_u64.pow(u32::from(self.decimals.min(4))));
        let mut text = digits(minor / places);
        if self.decimals > 0 {
            text.push('.');
            // The leading digit is there for its zeros, and goes.
            text.extend(digits(places + minor % places).chars().skip(1));
        }
        text
    }

    /// For comparing amounts of different precision.
    fn ten_thousandths(self) -> i128 {
        i128::from(self.minor) * 10_i128.pow(u32::from(4_u8.saturating_sub(self.decimals)))
    }

    /// The amount with the fewest decimals that JavaScript's number stands for.
    pub(crate) fn from_number(number: f64) -> Option<UnitAmount> {
        (0..=4_u8).find_map(|decimals| {
            let places = 10_f64.powi(i32::from(decimals));
            let minor = won::from_number((number * places).round())?;
            (won::as_number(minor) / places == number).then_some(UnitAmount { minor: minor.get(), decimals })
        })
    }
}

impl PartialEq for UnitAmount {
    fn eq(&self, other: &UnitAmount) -> bool {
        self.ten_thousandths() == other.ten_thousandths()
    }
}

impl Eq for UnitAmount {}

impl Hash for UnitAmount {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.ten_thousandths().hash(state);
    }
}

impl Shipping {
    fn json(&self) -> Json {
        let mut json = Json::new();
        json.some_text("fullName", self.full_name.as_deref());
        if let Some(address) = &self.address {
            json.object("address", address.json());
        }
        json
    }
}

impl Address {
    fn json(&self) -> Json {
        let mut json = Json::new();
        json.text("country", &self.country);
        json.some_text("line1", self.line1.as_deref());
        json.some_text("line2", self.line2.as_deref());
        json.some_text("area1", self.area1.as_deref());
        json.text("area2", &self.area2);
        json.some_text("postalCode", self.postal_code.as_deref());
        json
    }
}

pub(crate) fn put_escrow_products(json: &mut Json, products: &[EscrowProduct]) {
    json.some_list("escrowProducts", products.iter().map(EscrowProduct::json));
}

pub(crate) fn put_carriers(json: &mut Json, key: &str, carriers: &[MobileCarrier]) {
    json.some_list(key, carriers.iter().map(|carrier| quoted(carrier.as_str())));
}

/// Products, recipient and risk data, as an overseas payment has them.
pub(crate) fn put_overseas(json: &mut Json, products: &[Product], shipping: Option<&Shipping>, paypal: Option<&str>) {
    json.some_list("products", products.iter().map(Product::json));
    if let Some(shipping) = shipping {
        json.object("shipping", shipping.json());
    }
    if let Some(context) = paypal {
        let mut with_context = Json::new();
        with_context.raw("setTransactionContext", context);
        let mut options = Json::new();
        options.object("paypal", with_context);
        json.object("paymentMethodOptions", options);
    }
}

pub(crate) fn put_metadata(json: &mut Json, pairs: &[(String, String)]) {
    let mut metadata = Json::new();
    for (key, value) in pairs {
        metadata.text(key, value);
    }
    json.some_object("metadata", metadata);
}

pub(crate) fn check_products(products: &[Product]) -> Checked {
    let fits = products.iter().all(|product| product.unit_amount.is_fit());
    check(fits, &Limit { field: "products.unit_amount", must_be: UnitAmount::LIMIT })
}

pub(crate) fn check_shipping(shipping: Option<&Shipping>) -> Checked {
    let Some(address) = shipping.and_then(|shipping| shipping.address.as_ref()) else { return Ok(()) };
    check(!address.country.is_empty(), &Limit { field: "shipping.address.country", must_be: "present" })?;
    check(!address.area2.is_empty(), &Limit { field: "shipping.address.area2", must_be: "present" })
}

pub(crate) fn check_paypal(context: Option<&str>) -> Checked {
    let fits = context.is_none_or(crate::raw::is_json);
    check(fits, &Limit { field: "paypal_transaction_context", must_be: args::JSON })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_is_written_and_read_exactly() {
        for (minor, decimals, text) in [
            (0, 0, "0"),
            (1_234, 2, "12.34"),
            (5, 2, "0.05"),
            (1_200, 2, "12.00"),
            (7, 4, "0.0007"),
            (45_000, 0, "45000"),
            (Won::MAX.get(), 4, "900719925474.0991"),
        ] {
            let amount = UnitAmount { minor, decimals };
            assert!(amount.is_fit());
            assert_eq!(amount.json(), text);
            let read = UnitAmount::from_number(text.parse().expect("a number")).expect("has at most four decimals");
            assert_eq!(read, amount, "{text}");
        }
        for odd in [-1.0, 0.00001, f64::NAN, f64::INFINITY, 1e300] {
            assert_eq!(UnitAmount::from_number(odd), None, "{odd}");
        }
        assert!(!UnitAmount { minor: -1, decimals: 0 }.is_fit() && !UnitAmount { minor: 1, decimals: 5 }.is_fit());
    }

    #[test]
    fn amounts_are_compared_and_hashed_by_value() {
        let set: std::collections::HashSet<_> = [UnitAmount::new(1_200, 2), UnitAmount::new(12, 0), UnitAmount::new(1_201, 2)].into();
        assert_eq!(set.len(), 2);
        assert_ne!(UnitAmount::new(1_201, 2), UnitAmount::new(12, 0));
    }
}
