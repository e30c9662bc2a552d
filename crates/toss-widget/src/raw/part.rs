//! A part of the page that a script has drawn.

use super::{Listener, Value};
use crate::error::WidgetError;

/// What the script made, and the handlers that go with it.
pub(crate) struct Part {
    pub(crate) value: Value,
    listeners: Vec<Listener>,
}

impl Part {
    pub(crate) fn new(value: Value) -> Part {
        Part { value, listeners: Vec::new() }
    }

    pub(crate) fn on(&mut self, event: &'static str, handler: Box<dyn FnMut(Value)>) -> Result<(), WidgetError> {
        self.listeners.push(self.value.listen(event, handler)?);
        Ok(())
    }

    /// As [`on`](Part::on), for an event whose callback answers a promise, which resolves when the
    /// [`Completion`](super::Completion) is dropped.
    pub(crate) fn on_awaited(&mut self, event: &'static str, handler: super::Awaited) -> Result<(), WidgetError> {
        self.listeners.push(self.value.listen_awaited(event, handler)?);
        Ok(())
    }
}
