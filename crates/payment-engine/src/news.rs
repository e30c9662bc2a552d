//! News of orders, within this process: who waits for an order hears of that order and of no other. A hint and no more;
//! whoever waits looks at the store, and gives up at a deadline, since the change may happen in another process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;
use toss_types::OrderId;

/// Who waits for which order.
#[derive(Clone, Default, Debug)]
pub(crate) struct News(Arc<Mutex<HashMap<OrderId, watch::Sender<()>>>>);

/// A place to hear of one order. Dropping it gives it up.
#[derive(Debug)]
pub(crate) struct Listener {
    news: News,
    id: OrderId,
    heard: watch::Receiver<()>,
}

impl News {
    /// From now on.
    pub(crate) fn listen(&self, id: &OrderId) -> Listener {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let heard = waiting.entry(id.clone()).or_insert_with(|| watch::channel(()).0).subscribe();
        Listener { news: self.clone(), id: id.clone(), heard }
    }

    /// Tells everybody who waits for that order.
    pub(crate) fn announce(&self, id: &OrderId) {
        let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = waiting.get(id) {
            sender.send_replace(());
        }
    }
}

impl Listener {
    /// The next change since the last one that was heard.
    pub(crate) async fn changed(&mut self) {
        // An `Err` would say that the sender is gone, and it stays for as long as somebody listens.
        let _ = self.heard.changed().await;
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut waiting = self.news.0.lock().unwrap_or_else(PoisonError::into_inner);
        // This listener is still counted.
        if waiting.get(&self.id).is_some_and(|sender| sender.receiver_count() <= 1) {
            waiting.remove(&self.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio_test_free::poll_once;

    /// Whether a future is ready now.
    mod tokio_test_free {
        use std::future::Future;
        use std::pin::pin;
        use std::task::{Context, Poll, Waker};

        pub(super) fn poll_once<T>(future: impl Future<Output = T>) -> bool {
            matches!(pin!(future).poll(&mut Context::from_waker(Waker::noop())), Poll::Ready(_))
        }
    }

    fn id(number: u32) -> OrderId {
        OrderId::parse(&format!("order-{number}")).unwrap()
    }

    #[test]
    fn each_hears_of_its_own_order_and_nobody_is_kept() {
        let news = News::default();
        let (mut one, mut again, mut other) = (news.listen(&id(1)), news.listen(&id(1)), news.listen(&id(2)));
        news.announce(&id(1));
        assert!(poll_once(one.changed()) && poll_once(again.changed()));
        assert!(!poll_once(other.changed()) && !poll_once(one.changed()));
        drop((one, other));
        news.announce(&id(1));
        assert!(poll_once(again.changed()), "one goes, the other still hears");
        assert_eq!(news.0.lock().unwrap().len(), 1);
        drop(again);
        assert_eq!(news.0.lock().unwrap().len(), 0);
        news.announce(&id(1));
    }
}
