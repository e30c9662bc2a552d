//! Repeating a call, to be asked for: nothing in this crate repeats by itself.
//!
//! What is repeated is what Toss allows (Toss docs `/guides/using-api/idempotency-key` and `/reference/error-codes`), always
//! with the same idempotency key, so that a payment is charged once however often it is asked for:
//!
//! | outcome | repeated | why |
//! |---|---|---|
//! | not sent, time-out, reset, 5xx | yes | the same key brings the first answer, if there was one |
//! | 409 | yes, after a pause | the first request is still running |
//! | 429, `FORBIDDEN_CONSECUTIVE_REQUEST` | yes, after a pause | too fast |
//! | an unreadable answer, or one about another payment | no | the same key brings the same bytes; look the payment up |
//! | `PROVIDER_ERROR` | no | Toss binds a 4xx to the key and replays it (measured by others); look the payment up |
//! | every other rejection | no | Toss has decided |

pub(crate) mod again;
mod clock;
mod schedule;

pub use again::{GaveUp, Repetition};
pub use clock::{Clock, TokioClock};
