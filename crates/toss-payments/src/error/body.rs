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
/// use toss_payments::ErrorBody;
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
    /// What Toss support asks for, where the body has it: in the envelope of the newer resources. Elsewhere it is a header.
    pub trace_id: Option<String>,
}

impl ErrorBody {
    /// Reads an error from JSON, such as a stored [`Rejected::raw`](super::Rejected::raw); also in the envelope of Toss's newer
    /// resources, `{"version", "traceId", "error": {"code", "message"}}`.
    ///
    /// # Errors
    /// [`DecodeError`] where it is no JSON object, or has no code that Toss could have sent: letters, digits, `_`, `-` and
    /// `.`, at most 100.
    pub fn from_json(text: &str) -> Result<ErrorBody, DecodeError> {
        match ErrorBody::flat(text) {
            Err(DecodeError::Field(_)) => {
                let object = Object::parse(without_bom(text)).map_err(|_| DecodeError::NotAnObject)?;
                let within = object.text("error").filter(|_| object.text("version").is_some());
                let body = ErrorBody::flat(within.ok_or(DecodeError::Field("code"))?).map_err(|_| DecodeError::Field("code"))?;
                Ok(ErrorBody { trace_id: object.get("traceId"), ..body })
            }
            flat => flat,
        }
    }

    /// The form in which the calls of this crate are refused. In the other one nothing is decided here.
    pub(crate) fn flat(text: &str) -> Result<ErrorBody, DecodeError> {
        let object = Object::parse(without_bom(text)).map_err(|_| DecodeError::NotAnObject)?;
        let code = object.get("code").filter(|code: &String| ErrorCode::is_plausible(code)).ok_or(DecodeError::Field("code"))?;
        Ok(ErrorBody { code: ErrorCode::from(code.as_str()), message: object.get("message").unwrap_or_default(), trace_id: None })
    }
}

impl fmt::Debug for ErrorBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorBody").field("code", &self.code).finish_non_exhaustive()
    }
}
