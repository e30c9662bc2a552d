//! Callbacks that outlive nobody. JavaScript keeps what it was given for as long as it likes; the handler belongs to Rust
//! and goes when its owner goes. A late, repeated or nested call is then harmless, where a dropped wasm-bindgen closure
//! would throw into the page.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

/// Owns a handler. Dropping it frees the handler and silences every [`Entry`].
pub(crate) struct Subscription<T>(Rc<Slot<T>>);

/// The way in for the outside; does not keep the handler alive.
pub(crate) struct Entry<T>(Weak<Slot<T>>);

struct Slot<T> {
    handler: RefCell<Box<dyn FnMut(T)>>,
    /// Hardly ever more than one.
    waiting: RefCell<Vec<T>>,
    closed: Cell<bool>,
}

impl<T> Subscription<T> {
    pub(crate) fn new(handler: Box<dyn FnMut(T)>) -> Subscription<T> {
        Subscription(Rc::new(Slot { handler: RefCell::new(handler), waiting: RefCell::default(), closed: Cell::new(false) }))
    }

    pub(crate) fn entry(&self) -> Entry<T> {
        Entry(Rc::downgrade(&self.0))
    }
}

impl<T> Drop for Subscription<T> {
    fn drop(&mut self) {
        // The slot itself may still be held by a call that is dropping us from inside the handler.
        self.0.closed.set(true);
    }
}

impl<T> Entry<T> {
    /// Hands the event to the handler. From inside the handler it queues, and is handled next.
    pub(crate) fn call(&self, event: T) {
        let Some(slot) = self.0.upgrade() else { return };
        if slot.closed.get() {
            return;
        }
        slot.waiting.borrow_mut().push(event);
        let Ok(mut handler) = slot.handler.try_borrow_mut() else {
            return;
        };
        while let Some(event) = slot.next() {
            handler(event);
        }
    }
}

impl<T> Slot<T> {
    fn next(&self) -> Option<T> {
        let mut waiting = self.waiting.borrow_mut();
        let due = !self.closed.get() && !waiting.is_empty();
        due.then(|| waiting.remove(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Seen = Rc<RefCell<Vec<u32>>>;

    fn recorder() -> (Seen, Box<dyn FnMut(u32)>) {
        let seen = Seen::default();
        let log = Rc::clone(&seen);
        (seen, Box::new(move |event| log.borrow_mut().push(event)))
    }

    #[test]
    fn events_arrive_in_order() {
        let (seen, handler) = recorder();
        let subscription = Subscription::new(handler);
        let entry = subscription.entry();
        entry.call(1);
        entry.call(2);
        assert_eq!(*seen.borrow(), [1, 2]);
    }

    #[test]
    fn dropping_the_owner_frees_the_handler_and_silences_it() {
        let (seen, handler) = recorder();
        let subscription = Subscription::new(handler);
        let entry = subscription.entry();
        drop(subscription);
        assert_eq!(Rc::strong_count(&seen), 1, "the handler is still alive");
        entry.call(1);
        assert!(seen.borrow().is_empty());
    }

    /// A subscription whose handler has its own entry at hand, as a page has whose script fires synchronously.
    fn nesting(act: impl Fn(&Entry<u32>, u32) + 'static) -> (Seen, Subscription<u32>) {
        let seen = Seen::default();
        let log = Rc::clone(&seen);
        let own: Rc<RefCell<Option<Entry<u32>>>> = Rc::default();
        let inner = Rc::clone(&own);
        let subscription = Subscription::new(Box::new(move |event| {
            log.borrow_mut().push(event);
            act(inner.borrow().as_ref().expect("set below"), event);
        }));
        *own.borrow_mut() = Some(subscription.entry());
        (seen, subscription)
    }

    #[test]
    fn a_nested_event_is_handled_next_and_not_lost() {
        let (seen, subscription) = nesting(|entry, event| {
            if event == 1 {
                entry.call(2);
                entry.call(3);
            }
        });
        subscription.entry().call(1);
        assert_eq!(*seen.borrow(), [1, 2, 3]);
    }

    #[test]
    fn a_handler_may_drop_its_owner() {
        let holder: Rc<RefCell<Option<Subscription<u32>>>> = Rc::default();
        let inner = Rc::clone(&holder);
        let (seen, subscription) = nesting(move |entry, _| {
            entry.call(2);
            inner.borrow_mut().take();
            entry.call(3);
        });
        let entry = subscription.entry();
        *holder.borrow_mut() = Some(subscription);
        entry.call(1);
        entry.call(4);
        assert_eq!(*seen.borrow(), [1], "nothing arrives after the drop");
        assert_eq!(Rc::strong_count(&seen), 1, "the handler is still alive");
    }
}
