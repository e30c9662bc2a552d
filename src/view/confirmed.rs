//! What came of a payment that was sent back from Toss.

use super::order::DeclineView;
use crate::domain::failure::ShopCode;
use serde::{Deserialize, Serialize};

/// What `server_fns::confirm_payment` did. The order's page has the rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Confirmed {
    /// Charged.
    Paid,
    /// A virtual account was issued.
    AwaitingDeposit,
    /// Not charged.
    Declined(DeclineView),
    /// Nobody knows yet: the order's page says so when somebody does.
    InDoubt,
    /// It waits for its turn to be written down, and Toss has not been called. The same may be asked again.
    Queued,
    /// What came back is not what the shop asked for, or the order takes no payment. Nothing was sent to Toss.
    Refused(ShopCode),
}
