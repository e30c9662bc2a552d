//! The way in where there is a browser.

use super::{Arg, Here};
use crate::error::{ErrorCode, WidgetError, join};
use crate::event::Subscription;
use js_sys::{Array, Function, Promise};
use std::any::Any;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use toss_types::Won;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A value of a script's.
#[derive(Clone)]
pub(crate) struct Value(JsValue, Here);

/// A handler that a script was given; goes with its owner.
pub(crate) struct Listener {
    _subscription: Box<dyn Any>,
}

/// Tells a script that its event has been dealt with, when dropped.
pub(crate) struct Completion(Function);

/// The handler of an event whose callback answers a promise.
pub(crate) type Awaited = Box<dyn FnMut(Value, Completion)>;

/// The answer of a call that has been made.
pub(crate) struct Pending(JsFuture);

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Reflect, js_name = get, catch)]
    fn reflect_get(target: &JsValue, key: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = Reflect, js_name = apply, catch)]
    fn reflect_apply(function: &JsValue, this: &JsValue, args: &Array) -> Result<JsValue, JsValue>;

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
}

impl Value {
    fn new(value: JsValue) -> Value {
        Value(value, Here::default())
    }

    /// The result of a plain function, called without `new` as Toss documents it. It has to be an object.
    pub(crate) fn construct(&self, name: &'static str, args: &[Arg<'_>]) -> Result<Value, WidgetError> {
        apply(&self.0, &JsValue::UNDEFINED, args)?.object(name)
    }

    /// The result of a member.
    pub(crate) fn call(&self, member: &'static str, args: &[Arg<'_>]) -> Result<Value, WidgetError> {
        let function = reflect_get(&self.0, member).map_err(error)?;
        apply(&function, &self.0, args)
    }

    /// Calls a member now; its answer can be waited for. Whatever comes back, also a plain value or somebody else's
    /// thenable, becomes a promise of the browser's.
    pub(crate) fn start(&self, member: &'static str, args: &[Arg<'_>]) -> Result<Pending, WidgetError> {
        let answer = self.call(member, args)?;
        Ok(Pending(JsFuture::from(Promise::resolve(&answer.0))))
    }

    /// Registers a handler with `on`.
    pub(crate) fn listen(&self, event: &'static str, handler: Box<dyn FnMut(Value)>) -> Result<Listener, WidgetError> {
        let subscription = Subscription::new(handler);
        let entry = subscription.entry();
        self.on(event, move |argument| {
            entry.call(Value::new(argument));
            JsValue::UNDEFINED
        })?;
        Ok(Listener { _subscription: Box::new(subscription) })
    }

    /// As [`listen`](Value::listen), with a promise for the script to wait for.
    pub(crate) fn listen_awaited(&self, event: &'static str, mut handler: Awaited) -> Result<Listener, WidgetError> {
        let subscription = Subscription::new(Box::new(move |(value, completion)| handler(value, completion)));
        let entry = subscription.entry();
        self.on(event, move |argument| {
            let (promise, resolve) = promise();
            entry.call((Value::new(argument), Completion(resolve)));
            promise.into()
        })?;
        Ok(Listener { _subscription: Box::new(subscription) })
    }

    /// The subscription lives in the caller meanwhile: the script may fire before `on` returns, and that is not lost either.
    fn on(&self, event: &str, act: impl Fn(JsValue) -> JsValue + 'static) -> Result<(), WidgetError> {
        let on = reflect_get(&self.0, "on").map_err(error)?;
        let args = Array::of2(&event.into(), &callback(act));
        reflect_apply(&on, &self.0, &args).map(drop).map_err(error)
    }

    /// This value, if it is one that can have members.
    pub(crate) fn object(self, member: &'static str) -> Result<Value, WidgetError> {
        if self.0.is_object() { Ok(self) } else { Err(self.unexpected(member)) }
    }

    /// The script answered with something that its documentation does not allow.
    pub(crate) fn unexpected(&self, member: &'static str) -> WidgetError {
        let message = join(&[member, " answered ", &kind(&self.0)]);
        WidgetError::new(ErrorCode::UnexpectedValue { member }, message)
    }

    pub(crate) fn get(&self, key: &str) -> Option<Value> {
        reflect_get(&self.0, key).ok().map(Value::new)
    }

    pub(crate) fn as_text(&self) -> Option<String> {
        self.0.as_string()
    }

    pub(crate) fn text(&self, key: &str) -> Option<String> {
        text(&self.0, key)
    }

    pub(crate) fn flag(&self, key: &str) -> Option<bool> {
        self.get(key)?.0.as_bool()
    }

    pub(crate) fn number(&self, key: &str) -> Option<f64> {
        self.get(key)?.0.as_f64()
    }

    /// A member that is an amount of won; nothing is rounded.
    pub(crate) fn won(&self, key: &str) -> Option<Won> {
        crate::won::from_number(self.number(key)?)
    }

    /// The items of a list; none of anything else.
    pub(crate) fn items(&self, key: &str) -> Vec<Value> {
        let list = self.get(key).and_then(|list| list.0.dyn_into::<Array>().ok());
        list.iter().flat_map(Array::iter).map(Value::new).collect()
    }
}

impl From<Function> for Value {
    fn from(function: Function) -> Value {
        Value::new(function.into())
    }
}

impl Future for Pending {
    type Output = Result<Value, WidgetError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context).map(|answer| answer.map(Value::new).map_err(error))
    }
}

impl Drop for Completion {
    fn drop(&mut self) {
        let told = self.0.call1(&JsValue::UNDEFINED, &JsValue::UNDEFINED);
        debug_assert!(told.is_ok(), "a promise's resolve function does not throw");
    }
}

fn apply(function: &JsValue, this: &JsValue, args: &[Arg<'_>]) -> Result<Value, WidgetError> {
    let list = Array::new();
    for arg in args {
        list.push(&match arg {
            Arg::Nothing => JsValue::UNDEFINED,
            Arg::Text(text) => JsValue::from_str(text),
            Arg::Won(won) => JsValue::from_f64(crate::won::as_number(*won)),
            Arg::Json(text) => json_parse(text).map_err(error)?,
        });
    }
    reflect_apply(function, this, &list).map(Value::new).map_err(error)
}

/// A promise and what resolves it.
pub(crate) fn promise() -> (Promise, Function) {
    let mut resolve = None;
    let promise = Promise::new(&mut |on_resolve, _| resolve = Some(on_resolve));
    (promise, resolve.expect("invariant: a promise's executor runs before its constructor returns"))
}

/// Runs in the background.
pub(crate) fn spawn(work: impl Future<Output = ()> + 'static) {
    wasm_bindgen_futures::spawn_local(work);
}

/// Waits this long, in ms.
pub(crate) async fn sleep(limit_ms: u32) {
    /// A timer that is let go of resolves its promise, too: what waits for a promise is freed only when it is resolved.
    struct Timer(i32, Function);
    impl Drop for Timer {
        fn drop(&mut self) {
            if let Some(window) = web_sys::window() {
                window.clear_timeout_with_handle(self.0);
            }
            let told = self.1.call0(&JsValue::UNDEFINED);
            debug_assert!(told.is_ok(), "a promise's resolve function does not throw");
        }
    }
    let (promise, resolve) = promise();
    let limit_ms = i32::try_from(limit_ms).unwrap_or(i32::MAX);
    let started =
        web_sys::window().and_then(|window| window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, limit_ms).ok());
    let Some(timer) = started.map(|started| Timer(started, resolve)) else {
        // Without a clock nothing is ever late.
        return std::future::pending().await;
    };
    let slept = JsFuture::from(promise).await;
    debug_assert!(slept.is_ok(), "a timer does not reject");
    drop(timer);
}

/// Takes away what stands inside of the element that the selector matches first.
pub(crate) fn empty(selector: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    // A selector that is none matches nothing.
    let element = document.and_then(|document| document.query_selector(selector).ok().flatten());
    if let Some(element) = element {
        element.set_text_content(None);
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

/// Whether a text is JSON.
pub(crate) fn is_json(text: &str) -> bool {
    json_parse(text).is_ok()
}

/// A function for JavaScript to keep. The garbage collector owns it, so calling it is safe for ever; what it captures has
/// to be small, because browsers without `FinalizationRegistry` (Safari before 14.1) never free it.
pub(crate) fn callback(act: impl Fn(JsValue) -> JsValue + 'static) -> Function {
    let act: Box<dyn Fn(JsValue) -> JsValue> = Box::new(act);
    Closure::wrap(act).into_js_value().unchecked_into()
}

/// An exception as an error: Toss's code and message if it has them, else all that can be read of it.
pub(crate) fn error(exception: JsValue) -> WidgetError {
    let code = text(&exception, "code").filter(|code| !code.is_empty());
    match (code, text(&exception, "message")) {
        (Some(code), message) => {
            let message = message.unwrap_or_else(|| describe(&exception));
            WidgetError::new(ErrorCode::from(code.as_str()), message)
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
