//! Which product made a payment.

use serde::{Deserialize, Serialize};

/// Which product made the payment, with what only that product knows.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum Kind {
    Normal,
    /// A charge of a billing key. It sends no webhook (Toss docs).
    Billing {
        customer_key: String,
    },
    Brandpay {
        customer_key: String,
    },
}

impl Kind {
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            Self::Normal => "NORMAL",
            Self::Billing { .. } => "BILLING",
            Self::Brandpay { .. } => "BRANDPAY",
        }
    }
}
