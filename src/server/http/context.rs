//! What every request shares.

use super::assets::Assets;
pub use super::health::Health;
use super::session::Sessions;
pub use super::waits::Waits;
use crate::server::config::{Config, origin_of};
use crate::view::notice::Notice;
use leptos::config::LeptosOptions;
use payment_engine::Engine;
use std::sync::Arc;

/// One per server; cloned for every request.
#[derive(Clone)]
pub struct Context {
    /// The settings.
    pub config: Arc<Config>,
    /// What the front end's files are called.
    pub assets: Arc<Assets>,
    /// Where pages and assets are.
    pub site: Arc<LeptosOptions>,
    /// Orders and money.
    pub engine: Engine,
    /// What the browser needs of Toss.
    pub toss: Arc<TossWidget>,
    /// Signs and reads session cookies.
    pub sessions: Arc<Sessions>,
    /// Who waits for news.
    pub waits: Waits,
    /// Whether the shop can do its work.
    pub health: Health,
}

/// What the browser needs of Toss.
#[derive(Debug)]
pub struct TossWidget {
    /// Toss's widget refuses to start without it.
    pub client_key: String,
    /// Where its script is.
    pub url: String,
    /// Whether it is the offline Toss of this process.
    pub is_sandbox: bool,
}

impl TossWidget {
    /// Scheme, host and port of the script.
    #[must_use]
    pub fn widget_origin(&self) -> &str {
        origin_of(&self.url)
    }
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
