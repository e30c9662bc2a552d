//! What programs read of a back-up.

use payment_engine::store::BackedUp;
use serde::Serialize;
use std::path::Path;

/// A back-up that was made.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::server::cli) struct BackedUpBody {
    file: String,
    bytes: u64,
    orders: u64,
    milliseconds: u64,
}

impl BackedUpBody {
    pub(in crate::server::cli) fn of(file: &Path, made: BackedUp, milliseconds: u64) -> BackedUpBody {
        BackedUpBody { file: file.display().to_string(), bytes: made.bytes, orders: made.orders, milliseconds }
    }
}
