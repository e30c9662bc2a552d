//! A webhook until it has been looked into.

use toss_types::{OrderId, PaymentKey};

/// A webhook that is about an order of this store, until it has been looked into. Nothing of its body is believed, and nothing of it
/// is kept but this. Printing shows the beginning of the payment key.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Inbound {
    /// Toss's id of the transmission, or a digest of what it says where there is none.
    pub id: String,
    /// Of which order.
    pub order_id: OrderId,
    /// Of which payment.
    pub payment_key: PaymentKey,
    /// The status that it claims.
    pub claim: String,
    /// Whether it has the deposit secret that Toss gave with the first answer.
    pub is_vouched_for: bool,
    /// When it came, in ms since 1970 UTC.
    pub received_at_ms: i64,
}

impl Inbound {
    /// How many of one payment a store lets wait: the look-up that answers one answers all.
    pub const MOST_WAITING: i64 = 4;
    /// How many of one payment a store keeps after they have been looked into. Who forges more forgets his first ones.
    pub const MOST_KEPT: i64 = 100;

    /// About that payment of that order, come at that time (ms since 1970 UTC), and vouched for by nobody.
    #[must_use]
    pub fn new(
        id: impl Into<String>,
        order_id: OrderId,
        payment_key: PaymentKey,
        claim: impl Into<String>,
        received_at_ms: i64,
    ) -> Inbound {
        Inbound { id: id.into(), order_id, payment_key, claim: claim.into(), is_vouched_for: false, received_at_ms }
    }

    /// It has the deposit secret.
    #[must_use]
    pub fn vouched_for(mut self, is: bool) -> Inbound {
        self.is_vouched_for = is;
        self
    }
}
