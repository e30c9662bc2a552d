//! Waiting, without a runtime's crate: a future that can be let go of, one that ends in time, and a latch that opens once.

use super::{sleep, spawn};
use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

type Work = Pin<Box<dyn Future<Output = ()>>>;

/// Work in the background that belongs to somebody: dropping it drops the future then and there.
pub(crate) struct Task(Rc<Running>);

struct Running {
    work: RefCell<Option<Work>>,
    cancelled: Cell<bool>,
}

impl Task {
    pub(crate) fn spawn(work: impl Future<Output = ()> + 'static) -> Task {
        let running = Rc::new(Running { work: RefCell::new(Some(Box::pin(work))), cancelled: Cell::new(false) });
        let inner = Rc::clone(&running);
        spawn(poll_fn(move |context| inner.poll(context)));
        Task(running)
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.0.cancelled.set(true);
        // Held where the work itself lets go of its task; then the poll that is under way drops it.
        if let Ok(mut work) = self.0.work.try_borrow_mut() {
            let work = work.take();
            drop(work);
        }
    }
}

impl Running {
    fn poll(&self, context: &mut Context<'_>) -> Poll<()> {
        let mut slot = self.work.borrow_mut();
        let Some(work) = slot.as_mut() else { return Poll::Ready(()) };
        let polled = work.as_mut().poll(context);
        if polled.is_ready() || self.cancelled.get() {
            let ended = slot.take();
            drop(slot);
            drop(ended);
            return Poll::Ready(());
        }
        polled
    }
}

/// What the work answers, unless it takes longer than this; then it is dropped.
pub(crate) async fn within<T>(limit_ms: u32, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let mut late = pin!(sleep(limit_ms));
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(answer) => Poll::Ready(Some(answer)),
        Poll::Pending => late.as_mut().poll(context).map(|()| None),
    })
    .await
}

/// Opens once, for all who wait and all who come later. Clones are the same latch.
#[derive(Clone, Default)]
pub(crate) struct Latch(Rc<State>);

#[derive(Default)]
struct State {
    open: Cell<bool>,
    waiting: RefCell<Vec<Waker>>,
}

impl Latch {
    pub(crate) fn open(&self) {
        self.0.open.set(true);
        let waiting = self.0.waiting.take();
        for waker in waiting {
            waker.wake();
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        self.0.open.get()
    }

    pub(crate) async fn opened(&self) {
        poll_fn(|context| {
            if self.is_open() {
                return Poll::Ready(());
            }
            self.0.waiting.borrow_mut().push(context.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn an_open_door_lets_everybody_through() {
        let latch = Latch::default();
        let mut early = pin!(latch.opened());
        assert!(poll(early.as_mut()).is_pending());
        latch.clone().open();
        assert!(latch.is_open());
        assert!(poll(early.as_mut()).is_ready());
        assert!(poll(pin!(latch.opened())).is_ready());
    }

    #[test]
    fn work_that_is_done_is_answered() {
        assert_eq!(poll(pin!(within(1, async { 7 }))), Poll::Ready(Some(7)));
    }

    #[test]
    fn a_task_that_lets_go_of_itself_is_dropped_after_the_poll() {
        let witness = Rc::new(());
        let own: Rc<RefCell<Option<Task>>> = Rc::default();
        let (held, inner) = (Rc::clone(&witness), Rc::clone(&own));
        let running = Rc::new(Running { work: RefCell::new(None), cancelled: Cell::new(false) });
        *own.borrow_mut() = Some(Task(Rc::clone(&running)));
        *running.work.borrow_mut() = Some(Box::pin(async move {
            drop(inner.borrow_mut().take());
            std::future::pending::<()>().await;
            drop(held);
        }));
        let polled = running.poll(&mut Context::from_waker(Waker::noop()));
        assert_eq!(polled, Poll::Ready(()));
        assert_eq!(Rc::strong_count(&witness), 1, "the future is still alive");
    }
}
