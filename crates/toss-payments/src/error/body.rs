//! What Toss sends in place of what was asked for.

use super::{DecodeError, ErrorCode};
use crate::json::{Object, without_bom};
use std::fmt;

/// An error as Toss words it: `{"code": "…", "message": "…"}` (Toss docs `/reference/using-api/req-res`).
///
/// The calls read it themselves; it is here for bodies that were stored. Printing leaves out the message, which is Toss's
/// free text and may repeat what was sent.
///
/// ```
/// use toss_payments::error::ErrorBody;
/// use toss_payments::{DecodeError, ErrorCode};
///
/// let body = ErrorBody::from_json(r#"{"code":"REJECT_CARD_COMPANY","message":"결제 승인이 거절되었습니다."}"#)?;
/// assert_eq!((body.code, body.message.as_str()), (ErrorCode::RejectCardCompany, "결제 승인이 거절되었습니다."));
/// assert_eq!(ErrorBody::from_json(r#"{"code":"<html>"}"#), Err(DecodeError::Field("code")));
/// # Ok::<(), DecodeError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorBody {
    /// The code; branch on this.
    pub code: ErrorCode,
    /// Words for people; empty where Toss sent none. They change without notice.
    pub message: String,
}

impl ErrorBody {
    /// Reads an error from JSON, such as a stored [`Rejected::raw`](super::Rejected::raw).
    ///
    /// # Errors
    /// [`DecodeError`] where it is no JSON object, or has no code that Toss could have sent: letters, digits, `_`, `-` and
    /// `.`, at most 100.
    pub fn from_json(text: &str) -> Result<ErrorBody, DecodeError> {
        let object = Object::parse(without_bom(text)).map_err(|_| DecodeError::NotAnObject)?;
        let code = object.get("code").filter(|code: &String| ErrorCode::is_plausible(code)).ok_or(DecodeError::Field("code"))?;
        Ok(ErrorBody { code: ErrorCode::from(code.as_str()), message: object.get("message").unwrap_or_default() })
    }
}

impl fmt::Debug for ErrorBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorBody").field("code", &self.code).finish_non_exhaustive()
    }
}
