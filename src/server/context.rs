//! What every request and every flow shares.

use super::assets::Assets;
use super::clock::Clock;
use super::config::Config;
use super::session::Sessions;
use super::store::{OrderRecord, Store, StoreError};
use super::toss::Toss;
use crate::app::Notice;
use crate::domain::order::OrderId;
use leptos::config::LeptosOptions;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, broadcast};
use tokio_util::task::TaskTracker;

/// One per server; cloned for every request.
#[derive(Clone)]
pub struct Context {
    /// The settings.
    pub config: Arc<Config>,
    /// What the front end's files are called.
    pub assets: Arc<Assets>,
    /// Where pages and assets are.
    pub site: Arc<LeptosOptions>,
    /// The orders.
    pub store: Arc<dyn Store>,
    /// The way to Toss.
    pub toss: Arc<Toss>,
    /// Signs and reads session cookies.
    pub sessions: Arc<Sessions>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Tells who waits for an order that it changed.
    pub changes: Changes,
    /// Calls to Toss that run to their end, also when the server is asked to stop.
    pub calls: TaskTracker,
    /// Wakes the reconciler before its time.
    pub reconcile_now: Arc<Notify>,
}

impl Context {
    /// What pages say about the Toss in use, so that nobody takes a test for the real thing.
    #[must_use]
    pub fn notice(&self) -> Notice {
        if self.toss.is_sandbox {
            Notice::Sandbox(self.toss.widget_origin().to_owned())
        } else if self.config.is_live() {
            Notice::None
        } else {
            Notice::TestKeys
        }
    }
}

/// News of orders, within this process. A hint and no more: whoever waits looks at the store, and gives up at a
/// deadline, since the change may happen in another process.
#[derive(Clone)]
pub struct Changes(broadcast::Sender<OrderId>);

impl Default for Changes {
    fn default() -> Changes {
        const NEWS_KEPT: usize = 1024;
        Changes(broadcast::channel(NEWS_KEPT).0)
    }
}

impl Changes {
    /// Tells everybody who waits for that order.
    pub fn announce(&self, id: &OrderId) {
        // Fails only when nobody listens, which is no failure.
        let _ = self.0.send(id.clone());
    }

    /// The order as soon as its payment is no longer in doubt, or as it stands after `patience`.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn settled(&self, store: &dyn Store, id: &OrderId, patience: Duration) -> Result<Option<OrderRecord>, StoreError> {
        let mut news = self.0.subscribe();
        let deadline = tokio::time::Instant::now() + patience;
        loop {
            let record = store.order(id).await?;
            if record.as_ref().is_none_or(|record| record.state.in_doubt().is_none()) {
                return Ok(record);
            }
            let heard = async {
                // An `Err` means that news was missed: then it is time to look, too.
                while news.recv().await.is_ok_and(|changed| changed != *id) {}
            };
            if tokio::time::timeout_at(deadline, heard).await.is_err() {
                // News of another process is not heard here; the store has it.
                return store.order(id).await;
            }
        }
    }
}
