//! One use case per file, each a list of numbered steps.

pub(crate) mod account;
pub(crate) mod apply;
pub(crate) mod body;
pub(crate) mod cancel;
pub(crate) mod check;
pub(crate) mod confirm;
pub(crate) mod inbox;
pub(crate) mod learn;
pub(crate) mod outcome;
pub(crate) mod place;
pub(crate) mod refund;
pub(crate) mod returned;
