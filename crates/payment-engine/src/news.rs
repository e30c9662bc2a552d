//! News of orders: who waits for an order hears of that order and of no other. What this process changes is told at once; what another one
//! changes is found by asking the store for the versions of what is waited for. A hint and no more: whoever waits looks at the store,
//! and gives up at a deadline.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Notify, watch};
use toss_types::OrderId;

/// Who waits for which order.
#[derive(Clone, Default, Debug)]
pub(crate) struct News(Arc<Inner>);

#[derive(Default, Debug)]
struct Inner {
    waiting: Mutex<HashMap<OrderId, Waiting>>,
    begun: Notify,
}

/// Those who wait for one order.
#[derive(Debug)]
struct Waiting {
    told: watch::Sender<()>,
    /// The version that the first of them has seen, or that they were told of last.
    version: Option<i64>,
}

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
        let mut waiting = self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || Waiting { told: watch::channel(()).0, version: None };
        let heard = waiting.entry(id.clone()).or_insert_with(new).told.subscribe();
        drop(waiting);
        self.0.begun.notify_one();
        Listener { news: self.clone(), id: id.clone(), heard }
    }

    /// Tells everybody who waits for that order.
    pub(crate) fn announce(&self, id: &OrderId) {
        let waiting = self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(order) = waiting.get(id) {
            order.told.send_replace(());
        }
    }

    /// Which orders are waited for. Comes back when there is one.
    pub(crate) async fn waited_for(&self) -> Vec<OrderId> {
        loop {
            let ids: Vec<OrderId> = self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect();
            if !ids.is_empty() {
                return ids;
            }
            self.0.begun.notified().await;
        }
    }

    /// These are the versions that the store has: tells everybody who waits for an order that has another one than they know of.
    pub(crate) fn found(&self, versions: &[(OrderId, i64)]) {
        let mut waiting = self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        for (id, version) in versions {
            if let Some(order) = waiting.get_mut(id)
                && order.version.replace(*version) != Some(*version)
            {
                order.told.send_replace(());
            }
        }
    }
}

impl Listener {
    /// The order was read in that version: a later one is news. Where others wait for it too, what the first of them saw counts, which is
    /// no later.
    pub(crate) fn saw(&self, version: i64) {
        let mut waiting = self.news.0.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(order) = waiting.get_mut(&self.id) {
            order.version.get_or_insert(version);
        }
    }

    /// The next change since the last one that was heard.
    pub(crate) async fn changed(&mut self) {
        // An `Err` would say that the sender is gone, and it stays for as long as somebody listens.
        let _ = self.heard.changed().await;
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut waiting = self.news.0.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        // This listener is still counted.
        if waiting.get(&self.id).is_some_and(|order| order.told.receiver_count() <= 1) {
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
        assert_eq!(news.0.waiting.lock().unwrap().len(), 1);
        drop(again);
        assert_eq!(news.0.waiting.lock().unwrap().len(), 0);
        news.announce(&id(1));
    }

    #[test]
    fn what_another_process_has_changed_is_told_once_and_to_those_who_wait_for_it() {
        let news = News::default();
        assert!(!poll_once(news.waited_for()), "nobody waits");
        let (mut one, mut other) = (news.listen(&id(1)), news.listen(&id(2)));
        assert!(poll_once(news.waited_for()));
        one.saw(3);
        other.saw(7);
        news.found(&[(id(1), 3), (id(2), 7)]);
        assert!(!poll_once(one.changed()) && !poll_once(other.changed()), "they know that");
        // Who comes later and sees more does not keep from the first what he has not seen.
        let mut later = news.listen(&id(1));
        later.saw(4);
        news.found(&[(id(1), 4), (id(2), 7)]);
        assert!(poll_once(one.changed()) && poll_once(later.changed()));
        assert!(!poll_once(other.changed()));
        news.found(&[(id(1), 4), (id(2), 7), (id(3), 1)]);
        assert!(!poll_once(one.changed()) && !poll_once(other.changed()), "once");
        // What nobody has said to have seen is news.
        let mut hasty = news.listen(&id(4));
        news.found(&[(id(4), 0)]);
        assert!(poll_once(hasty.changed()));
    }
}
