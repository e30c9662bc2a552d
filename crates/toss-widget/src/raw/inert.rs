//! What stands behind the widget where there is no browser: nothing, as the types say.

use super::{Arg, Here};
use crate::error::WidgetError;
use std::convert::Infallible;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};
use toss_types::Won;

type Nothing<T> = Result<T, WidgetError>;

/// A value of a script's.
#[derive(Clone)]
pub(crate) struct Value(Infallible, Here);

/// A handler that a script was given; goes with its owner.
pub(crate) type Listener = Value;

/// Tells a script that its event has been dealt with, when dropped.
pub(crate) struct Completion(Infallible);

/// The handler of an event whose callback answers a promise.
pub(crate) type Awaited = Box<dyn FnMut(Value, Completion)>;

/// The answer of a call that has been made.
pub(crate) struct Pending(Infallible, Here);

impl Value {
    pub(crate) fn construct(&self, _name: &'static str, _args: &[Arg<'_>]) -> Nothing<Value> {
        match self.0 {}
    }

    pub(crate) fn call(&self, _member: &'static str, _args: &[Arg<'_>]) -> Nothing<Value> {
        match self.0 {}
    }

    pub(crate) fn start(&self, _member: &'static str, _args: &[Arg<'_>]) -> Nothing<Pending> {
        match self.0 {}
    }

    pub(crate) fn listen(&self, _event: &'static str, _handler: Box<dyn FnMut(Value)>) -> Nothing<Listener> {
        match self.0 {}
    }

    pub(crate) fn listen_awaited(&self, _event: &'static str, _handler: Awaited) -> Nothing<Listener> {
        match self.0 {}
    }

    pub(crate) fn object(self, _member: &'static str) -> Nothing<Value> {
        match self.0 {}
    }

    pub(crate) fn unexpected(&self, _member: &'static str) -> WidgetError {
        match self.0 {}
    }

    pub(crate) fn get(&self, _key: &str) -> Option<Value> {
        match self.0 {}
    }

    pub(crate) fn as_text(&self) -> Option<String> {
        match self.0 {}
    }

    pub(crate) fn text(&self, _key: &str) -> Option<String> {
        match self.0 {}
    }

    pub(crate) fn flag(&self, _key: &str) -> Option<bool> {
        match self.0 {}
    }

    pub(crate) fn number(&self, _key: &str) -> Option<f64> {
        match self.0 {}
    }

    pub(crate) fn won(&self, _key: &str) -> Option<Won> {
        match self.0 {}
    }

    pub(crate) fn items(&self, _key: &str) -> Vec<Value> {
        match self.0 {}
    }
}

impl Drop for Completion {
    fn drop(&mut self) {
        match self.0 {}
    }
}

impl Future for Pending {
    type Output = Nothing<Value>;

    fn poll(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<Nothing<Value>> {
        match self.0 {}
    }
}

/// The wait of a call that would have to wait in a browser. Over at once.
struct NoWait(Here);

impl Future for NoWait {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }
}

/// Waits for nothing.
pub(crate) async fn nothing() {
    NoWait(PhantomData).await;
}

/// Nothing runs in the background where there is no page.
pub(crate) fn spawn(_work: impl Future<Output = ()> + 'static) {}

/// Nobody waits where there is no page.
pub(crate) async fn sleep(_limit_ms: u32) {
    std::future::pending().await
}

/// Whether a text is JSON is for the browser to say.
pub(crate) fn is_json(_text: &str) -> bool {
    true
}

/// There is nothing to empty.
pub(crate) fn empty(_selector: &str) {}
