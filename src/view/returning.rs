//! A payment that was sent back from Toss to somebody who may be no shopper.

use toss_types::{OrderId, PaymentKey};

/// What a press of the button brings back once more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturningView {
    /// Which order.
    pub order_id: OrderId,
    /// Which payment.
    pub payment_key: PaymentKey,
    /// What the address said that it is for, as it was written.
    pub amount: String,
}
