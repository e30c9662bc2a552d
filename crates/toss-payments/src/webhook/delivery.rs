//! What the headers of a webhook say.

use crate::timestamp::Timestamp;
use std::fmt;

/// Longer than anything that Toss sends in a header.
const HEADER_MAX: usize = 1024;

/// The headers of one delivery (Toss docs `/reference/using-api/webhook-events`). Any of them may be missing, and none
/// is vouched for: a payout's signature covers the body and the time only.
#[derive(Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Delivery {
    /// `tosspayments-webhook-transmission-id`, such as `whtrans_…`: the unique id of the webhook, to tell repetitions
    /// by. Whether a repetition keeps it is not documented.
    pub transmission_id: Option<String>,
    /// `tosspayments-webhook-transmission-time`, as written: a signature covers exactly this text.
    pub transmission_time: Option<Timestamp>,
    /// `tosspayments-webhook-transmission-retried-count`: 0 on the first delivery.
    pub retried_count: Option<u32>,
    pub(crate) signature: Option<String>,
}

impl Delivery {
    /// Reads the headers through a function that finds one by its lower-case name, whatever the web framework.
    ///
    /// ```
    /// use std::collections::HashMap;
    /// use toss_payments::webhook::Delivery;
    ///
    /// let headers = HashMap::from([("tosspayments-webhook-transmission-retried-count", "2")]);
    /// let delivery = Delivery::from_headers(|name| headers.get(name).copied());
    /// assert_eq!(delivery.retried_count, Some(2));
    /// assert_eq!(delivery.transmission_id, None);
    /// ```
    #[must_use]
    pub fn from_headers<'h>(find: impl Fn(&str) -> Option<&'h str>) -> Delivery {
        let header = |name| find(name).filter(|value| (1..=HEADER_MAX).contains(&value.len()));
        Delivery {
            transmission_id: header("tosspayments-webhook-transmission-id").map(str::to_owned),
            transmission_time: header("tosspayments-webhook-transmission-time").map(Timestamp::new),
            retried_count: header("tosspayments-webhook-transmission-retried-count").and_then(|count| count.parse().ok()),
            signature: header("tosspayments-webhook-signature").map(str::to_owned),
        }
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("transmission_id", &self.transmission_id)
            .field("transmission_time", &self.transmission_time)
            .field("retried_count", &self.retried_count)
            .field("is_signed", &self.signature.is_some())
            .finish()
    }
}
