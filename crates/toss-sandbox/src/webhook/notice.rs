//! What there is to tell, before it is addressed to anybody.

use super::EventType;
use crate::clock::UnixMs;

/// An event that has happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Notice {
    pub(crate) event: EventType,
    /// The order that it is about, if it is about one.
    pub(crate) order_id: Option<String>,
    pub(crate) created_at: UnixMs,
    /// JSON text of an object, what the envelope is put around.
    pub(crate) data: String,
}
