//! The loader where there is a document.

use super::{FetchPriority, LoadOptions};
use crate::error::{ErrorCode, WidgetError};
use crate::raw as js;
use crate::raw::Value;
use js_sys::{Function, Promise};
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, HtmlScriptElement, Window};

/// How a load ended. Crosses the shared promise as a number; the promise never rejects, since with no caller left to
/// hear it a rejection would show up in the page as unhandled.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Loaded,
    Blocked,
    TimedOut,
    NoGlobal,
    Cleared,
}

/// A load under way.
struct Attempt {
    id: u32,
    src: String,
    global: &'static str,
    tag: HtmlScriptElement,
    timer: i32,
    promise: Promise,
    resolve: Function,
}

struct Loader {
    last_id: u32,
    attempts: Vec<Attempt>,
    tried: Vec<(String, &'static str)>,
}

thread_local! {
    static LOADER: RefCell<Loader> =
        const { RefCell::new(Loader { last_id: 0, attempts: Vec::new(), tried: Vec::new() }) };
}

/// The function that the script at `options.src`, or else at `default_src`, defines under the name `global`.
pub(crate) async fn global_function(options: &LoadOptions, default_src: &str, global: &'static str) -> Result<Value, WidgetError> {
    let window = web_sys::window().ok_or_else(WidgetError::not_in_browser)?;
    if let Some(function) = present(&window, global) {
        return Ok(function.into());
    }
    let promise = shared_attempt(&window, options, default_src, global)?;
    let ended = JsFuture::from(promise).await.map_err(js::error)?;
    match Outcome::from_js(&ended) {
        // Somebody may have removed the global again between the event and this line.
        Outcome::Loaded => present(&window, global).map(Value::from).ok_or_else(|| failure(Outcome::NoGlobal)),
        failed @ (Outcome::Blocked | Outcome::TimedOut | Outcome::NoGlobal | Outcome::Cleared) => Err(failure(failed)),
    }
}

/// Only a function counts: an element with that id would be found under the same name.
fn present(window: &Window, global: &str) -> Option<Function> {
    js::get(window, global).ok()?.dyn_into().ok()
}

fn shared_attempt(window: &Window, options: &LoadOptions, default_src: &str, global: &'static str) -> Result<Promise, WidgetError> {
    let document = window.document().ok_or_else(WidgetError::not_in_browser)?;
    let fresh = script_tag(&document, options, default_src).map_err(js::error)?;
    // Read back, the address is absolute, and comparable with that of any other tag.
    let src = fresh.src();
    let running = LOADER.with_borrow(|loader| {
        let same = |attempt: &&Attempt| attempt.src == src && attempt.global == global;
        loader.attempts.iter().find(same).map(|attempt| attempt.promise.clone())
    });
    if let Some(promise) = running {
        return Ok(promise);
    }
    let id = LOADER.with_borrow_mut(|loader| {
        loader.last_id = loader.last_id.wrapping_add(1);
        loader.last_id
    });
    let adopted = tags(&document, &src).pop().filter(|_| document.ready_state() != "complete");
    let tag = adopted.as_ref().unwrap_or(&fresh).clone();

    let (promise, resolve) = js::promise();
    let expire = on_event(move || finish(id, Outcome::TimedOut));
    let timeout_ms = i32::try_from(options.timeout_ms).unwrap_or(i32::MAX);
    let timer = window.set_timeout_with_callback_and_timeout_and_arguments_0(&expire, timeout_ms).map_err(js::error)?;
    let attempt = Attempt { id, src, global, tag, timer, promise: promise.clone(), resolve };
    LOADER.with_borrow_mut(|loader| {
        let entry = (attempt.src.clone(), global);
        if !loader.tried.contains(&entry) {
            loader.tried.push(entry);
        }
        loader.attempts.push(attempt);
    });

    let started = match adopted {
        Some(tag) => listen(&tag, id).and_then(|()| {
            // A tag that failed before we came fires nothing any more. When the page has loaded, all its tags are through.
            let page_loaded = on_event(move || replace_finished(id, &fresh));
            window.add_event_listener_with_callback("load", &page_loaded)
        }),
        None => insert(&document, &fresh, id),
    };
    if let Err(exception) = started {
        finish(id, Outcome::Blocked);
        return Err(js::error(exception));
    }
    Ok(promise)
}

fn on_event(act: impl Fn() + 'static) -> Function {
    js::callback(move |_| {
        act();
        JsValue::UNDEFINED
    })
}

fn script_tag(document: &Document, options: &LoadOptions, default_src: &str) -> Result<HtmlScriptElement, JsValue> {
    let tag: HtmlScriptElement = document.create_element("script")?.unchecked_into();
    // As attributes: setting the property would throw, uncaught, where a page enforces trusted types.
    tag.set_attribute("src", options.src.as_deref().unwrap_or(default_src))?;
    if let Some(nonce) = &options.nonce {
        tag.set_attribute("nonce", nonce)?;
    }
    match options.fetch_priority {
        FetchPriority::Auto => {}
        FetchPriority::High => tag.set_attribute("fetchpriority", "high")?,
        FetchPriority::Low => tag.set_attribute("fetchpriority", "low")?,
    }
    Ok(tag)
}

/// The tags in the document that fetch this absolute address.
fn tags(document: &Document, src: &str) -> Vec<HtmlScriptElement> {
    let scripts = document.get_elements_by_tag_name("script");
    let mut found = Vec::new();
    for at in 0..scripts.length() {
        // An SVG may have scripts of its own, of another type.
        let tag = scripts.item(at).and_then(|tag| tag.dyn_into::<HtmlScriptElement>().ok());
        found.extend(tag.filter(|tag| tag.src() == src));
    }
    found
}

fn listen(tag: &HtmlScriptElement, id: u32) -> Result<(), JsValue> {
    let loaded = on_event(move || finish(id, Outcome::Loaded));
    tag.add_event_listener_with_callback("load", &loaded)?;
    let failed = on_event(move || finish(id, Outcome::Blocked));
    tag.add_event_listener_with_callback("error", &failed)
}

/// Puts a fresh tag in the place of those that have failed.
fn insert(document: &Document, tag: &HtmlScriptElement, id: u32) -> Result<(), JsValue> {
    for old in tags(document, &tag.src()) {
        old.remove();
    }
    listen(tag, id)?;
    match document.get_elements_by_tag_name("head").item(0).or_else(|| document.document_element()) {
        Some(parent) => parent.append_child(tag).map(drop),
        None => Err(JsValue::from_str("the document is empty")),
    }
}

/// The page has loaded, so the tag that was waited for is through: either its global is there, or it failed unheard.
fn replace_finished(id: u32, fresh: &HtmlScriptElement) {
    let waiting = LOADER.with_borrow(|loader| {
        let attempt = loader.attempts.iter().find(|attempt| attempt.id == id)?;
        Some(attempt.global)
    });
    let (Some(global), Some(window)) = (waiting, web_sys::window()) else {
        return;
    };
    if present(&window, global).is_some() {
        return finish(id, Outcome::Loaded);
    }
    LOADER.with_borrow_mut(|loader| {
        for attempt in loader.attempts.iter_mut().filter(|attempt| attempt.id == id) {
            attempt.tag = fresh.clone();
        }
    });
    let inserted = window.document().map(|document| insert(&document, fresh, id));
    if !matches!(inserted, Some(Ok(()))) {
        finish(id, Outcome::Blocked);
    }
}

/// Ends an attempt, once: later events find nothing to end.
fn finish(id: u32, outcome: Outcome) {
    let attempt = LOADER.with_borrow_mut(|loader| {
        let at = loader.attempts.iter().position(|attempt| attempt.id == id)?;
        Some(loader.attempts.swap_remove(at))
    });
    let (Some(attempt), Some(window)) = (attempt, web_sys::window()) else {
        return;
    };
    window.clear_timeout_with_handle(attempt.timer);
    let outcome = match (present(&window, attempt.global), outcome) {
        // However it came: a load event may be late, and the global is all that is wanted.
        (Some(_), _) => Outcome::Loaded,
        (None, Outcome::Loaded) => Outcome::NoGlobal,
        (None, failed) => failed,
    };
    if outcome != Outcome::Loaded {
        attempt.tag.remove();
    }
    let told = attempt.resolve.call1(&JsValue::UNDEFINED, &JsValue::from_f64(f64::from(outcome as u8)));
    debug_assert!(told.is_ok(), "a promise's resolve function does not throw");
}

pub(super) fn clear(defaults: &[(&str, &'static str)]) {
    let Some(window) = web_sys::window() else {
        return;
    };
    let (tried, running) = LOADER.with_borrow_mut(|loader| {
        let running: Vec<u32> = loader.attempts.iter().map(|attempt| attempt.id).collect();
        (std::mem::take(&mut loader.tried), running)
    });
    let tried = tried.iter().map(|(src, global)| (src.as_str(), *global));
    for (src, global) in tried.chain(defaults.iter().copied()) {
        for tag in window.document().iter().flat_map(|document| tags(document, src)) {
            tag.remove();
        }
        js::delete(&window, global);
    }
    for id in running {
        finish(id, Outcome::Cleared);
    }
}

impl Outcome {
    fn from_js(value: &JsValue) -> Outcome {
        [Outcome::Loaded, Outcome::Blocked, Outcome::TimedOut, Outcome::Cleared]
            .into_iter()
            .find(|outcome| value.as_f64() == Some(f64::from(*outcome as u8)))
            .unwrap_or(Outcome::NoGlobal)
    }
}

fn failure(outcome: Outcome) -> WidgetError {
    let (code, message) = match outcome {
        Outcome::Blocked => (ErrorCode::Blocked, "the script could not be fetched"),
        Outcome::TimedOut => (ErrorCode::TimedOut, "the script did not arrive in time"),
        Outcome::Loaded | Outcome::NoGlobal => (ErrorCode::NoGlobal, "the script ran without defining its function"),
        Outcome::Cleared => (ErrorCode::Cleared, "the script was cleared while it was loading"),
    };
    WidgetError::new(code, message)
}
