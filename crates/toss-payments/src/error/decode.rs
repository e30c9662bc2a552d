//! Why a body is not what was expected.

use thiserror::Error;

/// Why a text cannot be read as an object of Toss. Never carries the text.
///
/// ```
/// use toss_payments::{DecodeError, Payment};
///
/// assert_eq!(Payment::from_json("[]"), Err(DecodeError::NotAnObject));
/// assert_eq!(Payment::from_json(r#"{"orderId":"order-1"}"#), Err(DecodeError::Field("paymentKey")));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// No JSON at all.
    #[error("the body is not JSON")]
    NotJson,
    /// Not one whole JSON object in which every field that is read stands once.
    #[error("the body is not a JSON object")]
    NotAnObject,
    /// Not one whole JSON list.
    #[error("the body is not a JSON list")]
    NotAList,
    /// A field without which the object means nothing is missing, null or of another type.
    #[error("the field {0} is missing or unreadable")]
    Field(&'static str),
}
