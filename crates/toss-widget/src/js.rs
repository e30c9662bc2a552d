//! The few doors into JavaScript that the bindings need, each of which catches.

use crate::error::{ErrorCode, WidgetError, join};
use js_sys::{Function, Object};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Reflect, js_name = get, catch)]
    fn reflect_get(target: &JsValue, key: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = Reflect, js_name = set, catch)]
    fn reflect_set(target: &JsValue, key: &str, value: &JsValue) -> Result<bool, JsValue>;

    #[wasm_bindgen(js_namespace = Reflect, js_name = deleteProperty, catch)]
    fn reflect_delete(target: &JsValue, key: &str) -> Result<bool, JsValue>;

    #[wasm_bindgen(js_namespace = JSON, js_name = stringify, catch)]
    fn json_stringify(value: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = JSON, js_name = parse, catch)]
    fn json_parse(text: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = String, catch)]
    fn to_text(value: &JsValue) -> Result<JsValue, JsValue>;

    /// A plain object of our own, whose fields cannot refuse to be set.
    #[wasm_bindgen(extends = Object, typescript_type = "any")]
    pub(crate) type Fields;

    #[wasm_bindgen(method, structural, indexing_setter)]
    fn put(this: &Fields, key: &str, value: &JsValue);
}

impl Fields {
    pub(crate) fn new() -> Fields {
        Object::new().unchecked_into()
    }

    pub(crate) fn set(&self, key: &str, value: impl Into<JsValue>) {
        self.put(key, &value.into());
    }

    /// Sets the field if there is a value; Toss refuses fields that are present and `undefined` no less than ill-typed ones.
    pub(crate) fn set_some(&self, key: &str, value: Option<impl Into<JsValue>>) {
        if let Some(value) = value {
            self.set(key, value);
        }
    }
}

/// A member of anything. Fails where JavaScript would throw: on `undefined`, or in a getter.
pub(crate) fn get(target: &JsValue, key: &str) -> Result<JsValue, JsValue> {
    reflect_get(target, key)
}

/// A member that is a string, or nothing.
pub(crate) fn text(target: &JsValue, key: &str) -> Option<String> {
    get(target, key).ok()?.as_string()
}

/// Removes a global; one that a script declared with `var` cannot be removed, but emptied.
pub(crate) fn delete(target: &JsValue, key: &str) {
    if !matches!(reflect_delete(target, key), Ok(true)) {
        // A frozen global stays: then the script stays usable, which is what its owner wanted.
        let _emptied = reflect_set(target, key, &JsValue::UNDEFINED);
    }
}

pub(crate) fn parse_json(text: &str) -> Option<JsValue> {
    json_parse(text).ok()
}

/// A function for JavaScript to keep. The garbage collector owns it, so calling it is safe for ever; what it captures has
/// to be small, because browsers without `FinalizationRegistry` (Safari before 14.1) never free it.
pub(crate) fn callback(act: impl Fn(JsValue) + 'static) -> Function {
    let act: Box<dyn Fn(JsValue)> = Box::new(act);
    Closure::wrap(act).into_js_value().unchecked_into()
}

/// An exception as an error: Toss's code and message if it has them, else all that can be read of it.
pub(crate) fn error(exception: JsValue) -> WidgetError {
    let code = text(&exception, "code").filter(|code| !code.is_empty());
    match (code, text(&exception, "message")) {
        (Some(code), message) => {
            let message = message.unwrap_or_else(|| describe(&exception));
            WidgetError::new(ErrorCode::parse(&code), message)
        }
        (None, Some(message)) => {
            let name = text(&exception, "name").filter(|name| !name.is_empty());
            let message = match name {
                Some(name) => join(&[&name, ": ", &message]),
                None => message,
            };
            WidgetError::new(ErrorCode::Threw, message)
        }
        (None, None) => WidgetError::new(ErrorCode::Threw, describe(&exception)),
    }
}

/// The script answered with something that its documentation does not allow.
pub(crate) fn unexpected(member: &'static str, value: &JsValue) -> WidgetError {
    let message = join(&[member, " answered ", &kind(value)]);
    WidgetError::new(ErrorCode::UnexpectedValue { member }, message)
}

/// What a value is, without what is in it: an answer may hold a paymentKey.
fn kind(value: &JsValue) -> String {
    if value.is_null() {
        return "null".to_owned();
    }
    value.js_typeof().as_string().unwrap_or_default()
}

fn describe(value: &JsValue) -> String {
    let as_json = || {
        if value.is_object() { json_stringify(value).ok()?.as_string() } else { None }
    };
    let as_text = || to_text(value).ok()?.as_string();
    as_json().or_else(as_text).unwrap_or_else(|| "an exception that cannot be read".to_owned())
}
