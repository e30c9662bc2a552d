//! What the parts of an order's page that move start with.

use crate::domain::lang::Lang;
use serde::{Deserialize, Serialize};
use toss_types::OrderId;

/// An order of which news may come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchView {
    /// The language.
    pub lang: Lang,
    /// The number of the order.
    pub id: OrderId,
    /// How many events the page shows; `None` while it waits for the payment to be known.
    pub seen: Option<i64>,
}

/// How long there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountdownView {
    /// The language.
    pub lang: Lang,
    /// When the page was made, in ms.
    pub left_ms: i64,
}
