//! What printing leaves out. Toss's answers have the whole payment key and the webhook secret in them, and an order says who
//! bought what: a log that prints an error or a record must not have learnt any of it.

use std::fmt;

/// Stands in `{:?}` for a value that is there, and shows nothing of it.
pub(crate) struct Hidden;

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// Whether a value is there.
pub(crate) fn presence<T: ?Sized>(value: Option<&T>) -> Option<Hidden> {
    value.map(|_| Hidden)
}
