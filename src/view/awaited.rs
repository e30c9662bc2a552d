//! What came of waiting for an order.

use serde::{Deserialize, Serialize};

/// What `server_fns::await_order` found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Awaited {
    /// Something has happened to the order: its page has it.
    Known,
    /// Nothing so far.
    NotYet {
        /// How long to let be before asking again. 0 after a wait that has been long enough; more where the server did not
        /// wait, since a browser that waits in every tab has no connection left for the next page.
        ask_again_ms: u32,
    },
}
