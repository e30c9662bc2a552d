//! Which field is which: the types that cross, in the form that serde gives them on the server. `None` is what serde would
//! refuse.

use super::json::Json;
use crate::domain::cart::{CartError, CartRequest, ItemRequest, Price};
use crate::domain::customer::{Customer, CustomerField, CustomerRequest};
use crate::domain::lang::Lang;
use crate::view::api_error::ApiError;
use crate::view::awaited::Awaited;
use crate::view::checkout::CheckoutView;
use crate::view::placed::{OrderAnswer, Placed};
use crate::view::watch::{CountdownView, WatchView};
use toss_types::{CustomerKey, OrderId, Won};
use toss_widget::Sdk;

/// Can be read from JSON.
pub trait Read: Sized {
    /// The value, if the JSON is of its form.
    fn read(json: &impl Json) -> Option<Self>;
}

/// The arguments of `server_fns::place_order`.
pub struct PlaceOrder {
    /// What is bought.
    pub cart: CartRequest,
    /// Who buys.
    pub customer: CustomerRequest,
    /// What the page shows.
    pub expected_total: Won,
    /// The language of the order.
    pub lang: Lang,
}

/// The arguments of `server_fns::await_order`.
pub struct AwaitOrder {
    /// Which order.
    pub order_id: OrderId,
    /// How many of its events are known.
    pub seen: Option<i64>,
}

impl PlaceOrder {
    /// Where the server listens for it.
    pub const PATH: &str = "/api/place_order";

    /// As the server reads it.
    pub fn write<J: Json>(&self) -> J {
        let item = |item: &ItemRequest| J::object([("id", J::text(&item.id)), ("quantity", J::integer(item.quantity.into()))]);
        let cart = J::object([
            ("items", J::list(self.cart.items.iter().map(item))),
            ("coupon", self.cart.coupon.as_deref().map_or_else(J::null, J::text)),
        ]);
        let CustomerRequest { name, email, phone } = &self.customer;
        let customer = J::object([("name", J::text(name)), ("email", J::text(email)), ("phone", J::text(phone))]);
        J::object([
            ("cart", cart),
            ("customer", customer),
            ("expected_total", J::integer(self.expected_total.get())),
            ("lang", J::text(self.lang.code())),
        ])
    }
}

impl AwaitOrder {
    /// Where the server listens for it.
    pub const PATH: &str = "/api/await_order";

    /// As the server reads it.
    pub fn write<J: Json>(&self) -> J {
        J::object([("order_id", J::text(self.order_id.as_str())), ("seen", self.seen.map_or_else(J::null, J::integer))])
    }
}

fn text(json: &impl Json, name: &str) -> Option<String> {
    json.field(name)?.as_text()
}

fn integer(json: &impl Json, name: &str) -> Option<i64> {
    json.field(name)?.as_integer()
}

fn won(json: &impl Json, name: &str) -> Option<Won> {
    Won::new(integer(json, name)?).ok()
}

fn lang(json: &impl Json) -> Option<Lang> {
    Lang::from_code(&text(json, "lang")?)
}

/// A field that may be left out or null, but is of its form where it is there: the outer `None` says that it is not.
fn optional<J: Json, T>(json: &J, name: &str, read: impl FnOnce(&J) -> Option<T>) -> Option<Option<T>> {
    match json.field(name) {
        None => Some(None),
        Some(value) => read(&value).map(Some),
    }
}

impl Read for CheckoutView {
    fn read(json: &impl Json) -> Option<CheckoutView> {
        let customer = json.field("customer")?;
        Some(CheckoutView {
            lang: lang(json)?,
            cart: cart(&json.field("cart")?)?,
            customer: CustomerRequest {
                name: text(&customer, "name")?,
                email: text(&customer, "email")?,
                phone: text(&customer, "phone")?,
            },
            customer_key: optional(json, "customer_key", |key| CustomerKey::parse(&key.as_text()?).ok())?,
            client_key: text(json, "client_key")?,
            widget_url: text(json, "widget_url")?,
            sdk: Sdk::parse(&text(json, "sdk")?)?,
        })
    }
}

fn cart(json: &impl Json) -> Option<CartRequest> {
    let items = json.field("items")?.items()?;
    let item = |json| Some(ItemRequest { id: text(json, "id")?, quantity: u32::try_from(integer(json, "quantity")?).ok()? });
    Some(CartRequest { items: items.iter().map(item).collect::<Option<_>>()?, coupon: optional(json, "coupon", Json::as_text)? })
}

impl Read for OrderAnswer {
    fn read(json: &impl Json) -> Option<OrderAnswer> {
        if let Some(word) = json.as_text() {
            return match word.as_str() {
                "InDoubt" => Some(OrderAnswer::InDoubt),
                "Refused" => Some(OrderAnswer::Refused),
                _ => None,
            };
        }
        if let Some(placed) = json.field("Placed") {
            return self::placed(&placed).map(OrderAnswer::Placed);
        }
        if let Some(price) = json.field("PriceChanged") {
            let (subtotal, discount, total) = (won(&price, "subtotal")?, won(&price, "discount")?, won(&price, "total")?);
            return Some(OrderAnswer::PriceChanged(Price { subtotal, discount, total }));
        }
        if let Some(error) = text(json, "BadCart") {
            return cart_error(&error).map(OrderAnswer::BadCart);
        }
        let fields = json.field("BadCustomer")?.items()?;
        fields.iter().map(|field| customer_field(&field.as_text()?)).collect::<Option<_>>().map(OrderAnswer::BadCustomer)
    }
}

fn placed(json: &impl Json) -> Option<Placed> {
    let customer = json.field("customer")?;
    Some(Placed {
        order_id: OrderId::parse(&text(json, "order_id")?).ok()?,
        order_name: text(json, "order_name")?,
        amount: won(json, "amount")?,
        customer: Customer { name: text(&customer, "name")?, email: text(&customer, "email")?, phone: text(&customer, "phone")? },
        success_url: text(json, "success_url")?,
        fail_url: text(json, "fail_url")?,
    })
}

fn cart_error(word: &str) -> Option<CartError> {
    Some(match word {
        "Empty" => CartError::Empty,
        "UnknownProduct" => CartError::UnknownProduct,
        "DuplicateProduct" => CartError::DuplicateProduct,
        "TooMany" => CartError::TooMany,
        "UnknownCoupon" => CartError::UnknownCoupon,
        "SoldOut" => CartError::SoldOut,
        _ => return None,
    })
}

fn customer_field(word: &str) -> Option<CustomerField> {
    Some(match word {
        "Name" => CustomerField::Name,
        "Email" => CustomerField::Email,
        "Phone" => CustomerField::Phone,
        _ => return None,
    })
}

impl Read for Awaited {
    fn read(json: &impl Json) -> Option<Awaited> {
        match json.as_text() {
            Some(word) => (word == "Known").then_some(Awaited::Known),
            None => {
                let ask_again_ms = u32::try_from(integer(&json.field("NotYet")?, "ask_again_ms")?).ok()?;
                Some(Awaited::NotYet { ask_again_ms })
            }
        }
    }
}

impl Read for ApiError {
    fn read(json: &impl Json) -> Option<ApiError> {
        text(json, "code").map(|code| ApiError::from_code(&code))
    }
}

impl Read for WatchView {
    fn read(json: &impl Json) -> Option<WatchView> {
        Some(WatchView { lang: lang(json)?, id: OrderId::parse(&text(json, "id")?).ok()?, seen: optional(json, "seen", Json::as_integer)? })
    }
}

impl Read for CountdownView {
    fn read(json: &impl Json) -> Option<CountdownView> {
        Some(CountdownView { lang: lang(json)?, left_ms: integer(json, "left_ms")? })
    }
}
