//! In the browser: its own JSON and its own `fetch`.

use super::codec::{AwaitOrder, PlaceOrder, Read};
use super::given::Given;
use super::json::Json;
use crate::domain::cart::CartRequest;
use crate::domain::customer::CustomerRequest;
use crate::domain::lang::Lang;
use crate::view::api_error::ApiError;
use crate::view::awaited::Awaited;
use crate::view::placed::OrderAnswer;
use js_sys::{Array, JSON, Object, Promise, Reflect};
use leptos::prelude::document;
use toss_types::{OrderId, Won};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = Number)]
    fn to_number(text: &str) -> JsValue;

    #[wasm_bindgen(js_name = String)]
    fn to_text(value: &JsValue) -> String;

    #[wasm_bindgen(js_name = fetch)]
    fn fetch(url: &str, init: &JsValue) -> Promise;

    type Response;

    #[wasm_bindgen(method, getter)]
    fn ok(this: &Response) -> bool;

    #[wasm_bindgen(method)]
    fn json(this: &Response) -> Promise;
}

/// What the page has handed over.
#[must_use]
pub fn given<T: Given>() -> T {
    let text = document().get_element_by_id(T::ID).and_then(|element| element.text_content());
    let json = text.and_then(|text| JSON::parse(&text).ok());
    json.and_then(|json| T::read(&json)).expect("invariant: the page was made by the same version of the shop")
}

/// As the server function of that name.
///
/// # Errors
/// What the server says; [`ApiError::Unavailable`] where it cannot be reached.
pub async fn place_order(cart: CartRequest, customer: CustomerRequest, expected_total: Won, lang: Lang) -> Result<OrderAnswer, ApiError> {
    let answer = call(PlaceOrder::PATH, &PlaceOrder { cart, customer, expected_total, lang }.write()).await?;
    OrderAnswer::read(&answer).ok_or(ApiError::BadRequest)
}

/// As the server function of that name.
///
/// # Errors
/// What the server says; [`ApiError::Unavailable`] where it cannot be reached.
pub async fn await_order(order_id: OrderId, seen: Option<i64>) -> Result<Awaited, ApiError> {
    let answer = call(AwaitOrder::PATH, &AwaitOrder { order_id, seen }.write()).await?;
    Awaited::read(&answer).ok_or(ApiError::BadRequest)
}

async fn call(path: &str, arguments: &JsValue) -> Result<JsValue, ApiError> {
    let body = JSON::stringify(arguments).map_err(|_| ApiError::BadRequest)?;
    let json = || JsValue::text("application/json");
    let headers = JsValue::object([("accept", json()), ("content-type", json())]);
    let init = JsValue::object([("method", JsValue::text("POST")), ("headers", headers), ("body", body.into())]);
    let response = JsFuture::from(fetch(path, &init)).await.map_err(|_| ApiError::Unavailable)?;
    let response: Response = response.unchecked_into();
    let answer = JsFuture::from(response.json()).await;
    if response.ok() {
        answer.map_err(|_| ApiError::BadRequest)
    } else {
        // An error that is not the shop's, such as a proxy's page, says that the shop could not be reached.
        Err(answer.ok().and_then(|answer| ApiError::read(&answer)).unwrap_or(ApiError::Unavailable))
    }
}

impl Json for JsValue {
    fn text(text: &str) -> JsValue {
        JsValue::from_str(text)
    }

    fn integer(number: i64) -> JsValue {
        to_number(&number.to_string())
    }

    fn null() -> JsValue {
        JsValue::NULL
    }

    fn list(items: impl Iterator<Item = JsValue>) -> JsValue {
        let list = Array::new();
        for item in items {
            list.push(&item);
        }
        list.into()
    }

    fn object(fields: impl IntoIterator<Item = (&'static str, JsValue)>) -> JsValue {
        let object = Object::new();
        for (name, value) in fields {
            // Fails only for what cannot be changed, and this object is new.
            let _ = Reflect::set(&object, &name.into(), &value);
        }
        object.into()
    }

    fn field(&self, name: &str) -> Option<JsValue> {
        // Fails for what is no object.
        Reflect::get(self, &name.into()).ok().filter(|value| !value.is_null() && !value.is_undefined())
    }

    fn as_text(&self) -> Option<String> {
        self.as_string()
    }

    fn as_integer(&self) -> Option<i64> {
        // By way of the text, so that money never is a float here; a string or a list that says one is none.
        if self.is_string() || self.is_object() { None } else { to_text(self).parse().ok() }
    }

    fn items(&self) -> Option<Vec<JsValue>> {
        self.dyn_ref::<Array>().map(|list| list.iter().collect())
    }
}
