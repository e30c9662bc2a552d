//! BrandPay: the token of a customer. Source: Toss docs, BrandPay reference.

use crate::error::DecodeError;
use crate::object::{Essential, object};
use crate::sensitive::Sensitive;

object! {
    /// What lets a shop speak for a BrandPay customer.
    pub struct AccessToken {
        /// The token.
        access_token: Sensitive = "accessToken",
        /// What a new token is asked for with.
        refresh_token: Option<Sensitive> = "refreshToken",
        /// How the token is sent, such as `bearer`.
        token_type: Option<String> = "tokenType",
        /// How long it is good for, in seconds.
        expires_in_s: Option<u64> = "expiresIn",
    }
}

impl Essential for Sensitive {}

impl AccessToken {
    /// Reads a token from JSON.
    ///
    /// ```
    /// use toss_payments::brandpay::AccessToken;
    ///
    /// let token = AccessToken::from_json(r#"{"accessToken":"Xy0E4Dv5qpMG","tokenType":"bearer","expiresIn":2592000}"#)?;
    /// assert_eq!(token.expires_in_s, Some(2_592_000));
    /// assert!(!format!("{token:?}").contains("Xy0E4Dv5qpMG"));
    /// # Ok::<(), toss_payments::DecodeError>(())
    /// ```
    ///
    /// # Errors
    /// [`DecodeError`] where it is no JSON object or has no token.
    pub fn from_json(text: &str) -> Result<AccessToken, DecodeError> {
        AccessToken::decode(text)
    }
}
