//! The browser's codec against the server's serde: every type and every value that crosses.

use super::codec::{self, Read};
use super::given::{Given, script_json};
use super::json::Json;
use crate::domain::cart::{CartError, CartRequest, ItemRequest, Price};
use crate::domain::customer::{Customer, CustomerField, CustomerRequest};
use crate::domain::lang::Lang;
use crate::server_fns;
use crate::view::api_error::ApiError;
use crate::view::awaited::Awaited;
use crate::view::checkout::CheckoutView;
use crate::view::placed::{OrderAnswer, Placed};
use crate::view::watch::{CountdownView, WatchView};
use leptos::server_fn::ServerFn;
use serde::Serialize;
use serde_json::{Value, json};
use toss_types::{CustomerKey, OrderId, Won};
use toss_widget::Sdk;

impl Json for Value {
    fn text(text: &str) -> Value {
        text.into()
    }

    fn integer(number: i64) -> Value {
        number.into()
    }

    fn null() -> Value {
        Value::Null
    }

    fn list(items: impl Iterator<Item = Value>) -> Value {
        items.collect()
    }

    fn object(fields: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
        Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    fn field(&self, name: &str) -> Option<Value> {
        self.get(name).filter(|value| !value.is_null()).cloned()
    }

    fn as_text(&self) -> Option<String> {
        self.as_str().map(str::to_owned)
    }

    fn as_integer(&self) -> Option<i64> {
        self.as_i64()
    }

    fn items(&self) -> Option<Vec<Value>> {
        self.as_array().cloned()
    }
}

const ODD: [&str; 4] = ["", "김토스", "\"\\/\n\t\0 </script><!--", "👕\u{2028}\u{1f}"];

fn order_id() -> OrderId {
    OrderId::parse("order_-0123456789").unwrap()
}

fn carts() -> Vec<CartRequest> {
    let item = |id: &str, quantity| ItemRequest { id: id.to_owned(), quantity };
    vec![
        CartRequest { items: Vec::new(), coupon: None },
        CartRequest { items: vec![item("mug", 0), item("socks", u32::MAX)], coupon: Some("WELCOME5000".to_owned()) },
        CartRequest { items: ODD.map(|odd| item(odd, 1)).to_vec(), coupon: Some(String::new()) },
    ]
}

fn customers() -> Vec<CustomerRequest> {
    ODD.map(|odd| CustomerRequest { name: odd.to_owned(), email: odd.to_owned(), phone: odd.to_owned() }).to_vec()
}

/// What serde writes is read as what it was, and is refused where it is not of its form.
fn crosses<T: Read + Serialize>(value: &T) {
    let written = serde_json::to_value(value).unwrap();
    let read = T::read(&written).unwrap_or_else(|| panic!("{written} is refused"));
    assert_eq!(serde_json::to_value(&read).unwrap(), written);
    for strange in [json!(null), json!(1), json!([]), json!("SomethingNew"), json!({"SomethingNew": {}})] {
        assert!(T::read(&strange).is_none(), "{strange} is taken");
    }
}

/// Reads as serde does where a field is gone, or of another form.
fn reads_as_serde_does<T: Read + Serialize + serde::de::DeserializeOwned>(value: &T) {
    let whole = serde_json::to_value(value).unwrap();
    for name in whole.as_object().unwrap().keys() {
        for other in [
            None,
            Some(json!(null)),
            Some(json!(1)),
            Some(json!(-1)),
            Some(json!(true)),
            Some(json!("x")),
            Some(json!([])),
            Some(json!({})),
        ] {
            let mut changed = whole.clone();
            match &other {
                Some(other) => changed[name] = other.clone(),
                None => drop(changed.as_object_mut().unwrap().remove(name)),
            }
            let by_serde = serde_json::from_value::<T>(changed.clone()).ok();
            let by_codec = T::read(&changed);
            assert_eq!(
                by_codec.map(|value| serde_json::to_value(value).unwrap()),
                by_serde.map(|value| serde_json::to_value(value).unwrap()),
                "{name} as {other:?}"
            );
        }
    }
}

#[test]
fn the_order_sheet_reaches_the_browser() {
    for cart in carts() {
        for customer in customers() {
            for (lang, sdk, key) in [(Lang::Ko, Sdk::V1, None), (Lang::En, Sdk::V2, Some(CustomerKey::parse("member-0123456789").unwrap()))]
            {
                let (client_key, widget_url) = ("test_gck_1".to_owned(), "https://js.example/v1?a=1&b=<2>".to_owned());
                let (cart, customer) = (cart.clone(), customer.clone());
                let view = CheckoutView { lang, cart, customer, customer_key: key, client_key, widget_url, sdk };
                crosses(&view);
                reads_as_serde_does(&view);
            }
        }
    }
}

#[test]
fn what_an_orders_page_waits_for_reaches_the_browser() {
    for (lang, number) in [(Lang::Ko, 0), (Lang::En, 1), (Lang::Ko, -1), (Lang::En, Won::MAX.get())] {
        let (watch, countdown) = (WatchView { lang, id: order_id(), seen: Some(number) }, CountdownView { lang, left_ms: number });
        crosses(&watch);
        crosses(&WatchView { seen: None, ..watch.clone() });
        crosses(&countdown);
        reads_as_serde_does(&watch);
        reads_as_serde_does(&countdown);
    }
}

#[test]
fn an_element_of_the_page_cannot_be_ended_by_what_it_holds() {
    for customer in customers() {
        let json = script_json(&customer);
        assert!(!json.contains('<'), "{json}");
        assert_eq!(serde_json::from_str::<CustomerRequest>(&json).unwrap(), customer);
    }
    let ids = [CheckoutView::ID, WatchView::ID, CountdownView::ID];
    assert!(ids.iter().enumerate().all(|(index, id)| !ids[..index].contains(id)), "{ids:?}");
}

#[test]
fn an_order_is_asked_for_as_the_server_reads_it() {
    assert_eq!(codec::PlaceOrder::PATH, server_fns::PlaceOrder::PATH);
    for cart in carts() {
        for customer in customers() {
            for (lang, expected_total) in [(Lang::Ko, Won::ZERO), (Lang::En, Won::MAX)] {
                let (cart, customer) = (cart.clone(), customer.clone());
                let written: Value = codec::PlaceOrder { cart: cart.clone(), customer: customer.clone(), expected_total, lang }.write();
                let by_server_fn = server_fns::PlaceOrder { cart, customer, expected_total, lang };
                assert_eq!(written, serde_json::to_value(&by_server_fn).unwrap());
                let read: server_fns::PlaceOrder = serde_json::from_value(written).unwrap();
                assert_eq!(serde_json::to_value(&read).unwrap(), serde_json::to_value(&by_server_fn).unwrap());
            }
        }
    }
}

#[test]
fn every_answer_to_an_order_is_understood() {
    let price = |total| Price { subtotal: Won::MAX, discount: Won::of(5_000), total };
    let mut answers = vec![
        OrderAnswer::InDoubt,
        OrderAnswer::Refused,
        OrderAnswer::PriceChanged(price(Won::ZERO)),
        OrderAnswer::PriceChanged(price(Won::MAX)),
    ];
    answers.extend(ODD.map(|odd| {
        let customer = Customer { name: odd.to_owned(), email: odd.to_owned(), phone: odd.to_owned() };
        let (success_url, fail_url) = ("https://shop.example/success".to_owned(), odd.to_owned());
        OrderAnswer::Placed(Placed { order_id: order_id(), order_name: odd.to_owned(), amount: Won::MAX, customer, success_url, fail_url })
    }));
    let carts = [
        CartError::Empty,
        CartError::UnknownProduct,
        CartError::DuplicateProduct,
        CartError::TooMany,
        CartError::UnknownCoupon,
        CartError::SoldOut,
    ];
    // A new one has to be added above, and to the codec.
    for error in carts {
        match error {
            CartError::Empty
            | CartError::UnknownProduct
            | CartError::DuplicateProduct
            | CartError::TooMany
            | CartError::UnknownCoupon
            | CartError::SoldOut => answers.push(OrderAnswer::BadCart(error)),
        }
    }
    let fields = [CustomerField::Name, CustomerField::Email, CustomerField::Phone];
    answers.push(OrderAnswer::BadCustomer(Vec::new()));
    answers.push(OrderAnswer::BadCustomer(fields.to_vec()));
    for field in fields {
        match field {
            CustomerField::Name | CustomerField::Email | CustomerField::Phone => answers.push(OrderAnswer::BadCustomer(vec![field])),
        }
    }
    for answer in answers {
        match &answer {
            OrderAnswer::Placed(_)
            | OrderAnswer::PriceChanged(_)
            | OrderAnswer::BadCart(_)
            | OrderAnswer::BadCustomer(_)
            | OrderAnswer::InDoubt
            | OrderAnswer::Refused => crosses(&answer),
        }
    }
}

#[test]
fn news_of_an_order_is_asked_for_and_understood() {
    assert_eq!(codec::AwaitOrder::PATH, server_fns::AwaitOrder::PATH);
    for seen in [None, Some(0), Some(7), Some(Won::MAX.get())] {
        let written: Value = codec::AwaitOrder { order_id: order_id(), seen }.write();
        assert_eq!(written, serde_json::to_value(server_fns::AwaitOrder { order_id: order_id(), seen }).unwrap());
        assert!(serde_json::from_value::<server_fns::AwaitOrder>(written).is_ok());
    }
    for awaited in [Awaited::Known, Awaited::NotYet { ask_again_ms: 0 }, Awaited::NotYet { ask_again_ms: u32::MAX }] {
        match awaited {
            Awaited::Known | Awaited::NotYet { .. } => crosses(&awaited),
        }
    }
}

#[test]
fn every_error_of_the_shop_is_understood() {
    for error in ApiError::ALL {
        assert_eq!(ApiError::read(&serde_json::to_value(error).unwrap()), Some(error));
    }
    assert_eq!(ApiError::read(&json!({"code": "SOMETHING_NEW"})), Some(ApiError::Unavailable));
    for strange in [json!(null), json!("NOT_FOUND"), json!({"code": 1}), json!({})] {
        assert_eq!(ApiError::read(&strange), None, "{strange}");
    }
}
